"""The commands of the command line, one a file: `add_parser(subparsers)` and `run(args, settings)`, which gives the exit code."""
