"""What a page's form would send as it stands."""

import re


def fields_of(page: str) -> dict[str, str]:
    """Text fields, ticked boxes and chosen options by their names."""
    fields = dict(re.findall(r'<input id="[^"]*" name="([^"]+)" value="([^"]*)"', page))
    fields |= dict.fromkeys(re.findall(r'name="([^"]+)" value="yes" checked', page), "yes")
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        fields[name] = re.findall(r'<option value="([^"]+)" selected', options)[0]
    return fields
