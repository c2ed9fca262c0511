# Runs a WASI command in the engine that PyPI has: stock.py COMMAND FOLDER [ARGUMENT]...
import sys

from wasmtime import Engine, ExitTrap, Store, WasiConfig
from wasmtime.component import Component, Linker

command, folder, *arguments = sys.argv[1:]
engine = Engine()
component = Component.from_file(engine, command)
linker, store, wasi = Linker(engine), Store(engine), WasiConfig()
linker.add_wasip2()
wasi.argv = ["selvedge.wasm", *arguments]
wasi.preopen_dir(folder, ".")
wasi.inherit_stderr()
store.set_wasi(wasi)
instance = linker.instantiate(store, component)
for version in range(20):
    index = instance.get_export_index(store, f"wasi:cli/run@0.2.{version}")
    if index is not None:
        run = instance.get_func(store, instance.get_export_index(store, "run", index))
        break
# A command that fails gives an error; one that has a status of its own leaves by it.
try:
    failed = run(store).tag == "err"
except ExitTrap as ended:
    failed = ended.code != 0
sys.exit(failed)
