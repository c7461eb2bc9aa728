    def check_module_exported(self, module_name):
        """Whether the package holds what a module exports; the first lines of its dev file say where that is"""
        dev_file = SOURCE / module_name / f"{short_name(module_name)}_dev.py"
        found = re.search(r"#\|\s*default_exp\s+(\S+)", dev_file.read_text(encoding="utf-8")) if dev_file.exists() else None
        return found is not None and Path("tinytorch", *found[1].split(".")).with_suffix(".py").exists()
