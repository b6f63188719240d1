"""The catalogue's tables."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, MetaData, String, Table, false

metadata = MetaData()

concern = Table(
    "concern",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("name_en", String(100), nullable=False),
    Column("name_nl", String(100), nullable=False),
)

skin_filter = Table(
    "skin_filter",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("name_en", String(100), nullable=False),
    Column("name_nl", String(100), nullable=False),
)

treatment = Table(
    "treatment",
    metadata,
    Column("slug", String(40), primary_key=True),
    Column("name_en", String(200), nullable=False),
    Column("name_nl", String(200), nullable=False),
    Column("summary_en", String(500), nullable=False),
    Column("summary_nl", String(500), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("price_cents", Integer, CheckConstraint("price_cents > 0")),
    Column("currency", String(3)),
    Column("price_from", Boolean),
    Column("dark_skin_care_en", String(500)),
    Column("dark_skin_care_nl", String(500)),
    Column("source", String(500), nullable=False),
    Column("price_note_en", String(100), doc="words behind the price, such as 'per session'"),
    Column("price_note_nl", String(100)),
    Column("duration_en", String(100), doc="how long it takes, in words"),
    Column("duration_nl", String(100)),
    Column("hidden", Boolean, nullable=False, server_default=false(), doc="not offered now"),
)

treatment_concern = Table(
    "treatment_concern",
    metadata,
    Column("slug", ForeignKey("treatment.slug", ondelete="CASCADE"), primary_key=True),
    Column("concern", ForeignKey("concern.key"), primary_key=True),
)

treatment_skin_filter = Table(
    "treatment_skin_filter",
    metadata,
    Column("slug", ForeignKey("treatment.slug", ondelete="CASCADE"), primary_key=True),
    Column("skin_filter", ForeignKey("skin_filter.key"), primary_key=True),
)
