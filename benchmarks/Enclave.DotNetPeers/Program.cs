using Enclave.DotNetPeers;
using Enclave.DotNetPeers.Peers;
using Enclave.DotNetPeers.Workloads;

// Enclave.DotNetPeers < PLAN     measures one workload of one peer; benchmarks/peers/run.mjs writes the plan
if (args is [ExpressionPeers.Verb])
{
    await ExpressionPeers.RunAsync();
    return 0;
}

if (args is [JobProcess.Verb, var memoryMb])
{
    using var program = new JobProcessProgram(int.Parse(memoryMb));
    program.Run();
    return 0;
}

Plan plan = await Plan.ReadAsync(Console.OpenStandardInput());
await using IPeer peer = Open(plan);
var measurement = new Measurement(plan, peer, new BenchReport(plan.Peer, plan.Workload, jsonLines: true));
// A cold start ends with its first job, so the check comes after it.
if (plan.Workload != "W8" && !await measurement.MayBeMeasuredAsync()) return Plan.Unclean;
await measurement.RunAsync();
return plan.Workload == "W8" && !await measurement.MayBeMeasuredAsync() ? Plan.Unclean : 0;

static IPeer Open(Plan plan) => plan.Peer switch
{
    "clearscript" => new ClearScriptContexts(plan.Job.MemoryMb),
    "clearscript-isolate" => new ClearScriptIsolates(),
    "clearscript-process" => new ClearScriptProcesses(plan.Job.MemoryMb),
    "jint" => new JintEngines(),
    _ => throw new ArgumentException($"there is no peer {plan.Peer}"),
};
