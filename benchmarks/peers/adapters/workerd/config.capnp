# One worker that loads the others. Both addresses come from the command line (workerd.mjs).
using Workerd = import "/workerd/workerd.capnp";

const services :List(Workerd.Service) = [
  ( name = "loader", worker = .loader ),
  ( name = "tools", external = ( http = () ) ),
];

const sockets :List(Workerd.Socket) = [ ( name = "jobs", http = (), service = "loader" ) ];

const unlimited :Workerd.Config = ( services = .services, sockets = .sockets );

# The heap limit is one for all isolates of the process.
const limited :Workerd.Config = ( services = .services, sockets = .sockets, v8Flags = [ "--max-old-space-size=64" ] );

const loader :Workerd.Worker = (
  modules = [ ( name = "loader.mjs", esModule = embed "loader.mjs" ) ],
  compatibilityDate = "2026-11-17",
  bindings = [ ( name = "LOADER", workerLoader = () ), ( name = "TOOLS", service = "tools" ) ],
);
