namespace Enclave.Diagnostics;

/// <summary>All names that operators use in dashboards and alerts (docs/telemetry.md). Changing one is a breaking change.</summary>
internal static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "Enclave";

    public const string JobsDuration = "enclave.jobs.duration";
    public const string JobsCpu = "enclave.jobs.cpu";
    public const string JobsMemory = "enclave.jobs.memory";
    public const string QueueDuration = "enclave.queue.duration";
    public const string QueueDepth = "enclave.queue.depth";
    public const string QueueAge = "enclave.queue.age";
    public const string RunsParked = "enclave.runs.parked";
    public const string WorkersFree = "enclave.workers.free";
    public const string WorkersActive = "enclave.workers.active";
    public const string WorkersIdle = "enclave.workers.idle";
    public const string WorkersStarting = "enclave.workers.starting";
    public const string WorkersRecycled = "enclave.workers.recycled";
    public const string StartFailures = "enclave.workers.start_failures";
    public const string KillsDuration = "enclave.kills.duration";
    public const string ToolsDuration = "enclave.tools.duration";
    public const string GuardRefusals = "enclave.guard.refusals";
    public const string SecurityEvents = "enclave.security.events";
    public const string DurableRuns = "enclave.durable.runs";
    public const string DurableDue = "enclave.durable.due";
    public const string DurableAge = "enclave.durable.age";
    public const string DurableSuspensions = "enclave.durable.suspensions";
    public const string DurableWakings = "enclave.durable.wakings";
    public const string DurableReplay = "enclave.durable.replay";
    public const string DurableJournal = "enclave.durable.journal";

    public const string Code = "code";
    public const string Level = "level";
    public const string Reason = "reason";
    public const string Tool = "tool";
    public const string Outcome = "outcome";
    public const string Kind = "kind";
    public const string State = "state";

    /// <summary>A tag on every figure of a host with a name.</summary>
    public const string Host = "host";

    public const string RunActivity = "enclave.run";
    public const string WorkerActivity = "enclave.worker";
    public const string ToolActivity = "enclave.tool";

    public const string CodeTag = "enclave.code";
    public const string LevelTag = "enclave.level";
    public const string RunTag = "enclave.run.id";
    public const string TenantTag = "enclave.tenant";
    public const string HostTag = "enclave.host";
    public const string WorkerTag = "enclave.worker.id";
    public const string IsolationTag = "enclave.isolation";
    public const string ToolTag = "enclave.tool.name";
    public const string OutcomeTag = "enclave.tool.outcome";
    public const string DeclarationsTag = "enclave.declarations.tokens";

    /// <summary>Names of OpenTelemetry's conventions for generative AI.</summary>
    public const string GenAiOperationTag = "gen_ai.operation.name";
    public const string GenAiToolTag = "gen_ai.tool.name";
    public const string GenAiToolTypeTag = "gen_ai.tool.type";
    public const string GenAiCallTag = "gen_ai.tool.call.id";
    public const string ExecuteTool = "execute_tool";

    public const string ErrorTag = "error.type";

    /// <summary>The code of a successful run.</summary>
    public const string Ok = "OK";

    /// <summary>The code of a run that its caller cancelled: it has no result, and so no error code.</summary>
    public const string CallerCancelled = "CALLER_CANCELLED";

    /// <summary>The tool tag of all calls whose name is not registered: scripts choose such names, so their number is unlimited.</summary>
    public const string OtherTool = "other";
}
