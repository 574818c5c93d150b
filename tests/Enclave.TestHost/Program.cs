using Enclave;
using Enclave.TestHost;

// Hosts in their own processes, for tests that end hosts or start them with fewer rights:
//   spin [LEVEL]            two endless jobs
//   dirty FILE              maps a file shared, dirties a page of it, and changes that page when told to
//   drain SECONDS ENDLESS   an application that is asked to stop while jobs run and wait; ENDLESS of the running ones never end
//   hold RUNS WORKERS       that many runs, of which each makes the host hold as much as it may; tells what became of them, and the most memory it had
//   wake DB LEDGER SECONDS  goes on with durable runs in a database until it is killed
//   step FOLDER LEDGER      makes a step of a durable run in a folder for each line of its input
//   sleep PLACE KEY         puts durable runs of each kind aside, and dies
//   look LEVEL [LAYER…]     runs one script and tells what stands around it; the layers are those whose absence is accepted
//   loaded tool|text|durable  runs a script that calls a tool, asks for a text for models or runs a durable run, and prints the assemblies that it has
//   few FREE LEVEL          runs one script with that many free descriptors
switch (args)
{
    case ["spin"]: await SpinningHost.Run(SecurityLevel.Standard); return 0;
    case ["spin", var level]: await SpinningHost.Run(Enum.Parse<SecurityLevel>(level)); return 0;
    case ["dirty", var file]: Dirty.Run(file); return 0;
    case ["drain", var patience, var endless]: await DrainedApplication.Run(TimeSpan.FromSeconds(double.Parse(patience)), int.Parse(endless)); return 0;
    case ["hold", var runs, var workers]: await HoldingHost.Run(int.Parse(runs), int.Parse(workers)); return 0;
    case ["wake", var database, var ledger, var lease]: await WakingHost.Run(database, ledger, TimeSpan.FromSeconds(double.Parse(lease))); return 0;
    case ["step", var folder, var ledger]: await SteppingHost.Run(folder, ledger); return 0;
    case ["sleep", var place, var key]: await SleepingHost.Run(place, key); return 0;
    case ["look", var level, .. var accepted]: return await Look.Run(Enum.Parse<SecurityLevel>(level), [.. accepted.Select(Enum.Parse<IsolationLayer>)]);
    case ["loaded", var use]: await LoadedAssemblies.Run(use); return 0;
    case ["few", var free, var level]: await FewFiles.Run(int.Parse(free), Enum.Parse<SecurityLevel>(level)); return 0;
    default: throw new ArgumentException($"unknown mode: {string.Join(' ', args)}");
}
