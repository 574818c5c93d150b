using Enclave;
using Enclave.TestHost;

// Hosts in a process of their own, for tests that end hosts or start them with fewer rights:
//   spin                    two endless jobs
//   drain SECONDS ENDLESS   an application that is asked to stop while jobs run and wait; ENDLESS of the running ones never end
//   look LEVEL [LAYER…]     runs one script and tells what stands around it; the layers are those whose absence is accepted
switch (args)
{
    case ["spin"]: await SpinningHost.Run(); return 0;
    case ["drain", var patience, var endless]: await DrainedApplication.Run(TimeSpan.FromSeconds(double.Parse(patience)), int.Parse(endless)); return 0;
    case ["look", var level, .. var accepted]: return await Look.Run(Enum.Parse<SecurityLevel>(level), [.. accepted.Select(Enum.Parse<IsolationLayer>)]);
    default: throw new ArgumentException($"unknown mode: {string.Join(' ', args)}");
}
