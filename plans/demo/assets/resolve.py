def resolve(name):
    """The folder of a module that is named by its number: `14` is `14_profiling`; anything else as it is."""
    found = sorted(path.name for path in SOURCE.glob(f"{int(name):02d}_*")) if name.isdigit() else []
    return found[0] if found else name
