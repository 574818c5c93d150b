using System.Diagnostics;

namespace Enclave.Diagnostics;

/// <summary>The activities of the source "Enclave" (docs/telemetry.md). They contain only codes, names and ids, never data of a script or a tool.</summary>
internal static class EnclaveActivities
{
    /// <summary>Longest name: names come from scripts.</summary>
    private const int MaxToolName = 100;

    public static string? Version { get; } = typeof(EnclaveActivities).Assembly.GetName().Version?.ToString(3);

    private static readonly ActivitySource s_source = new(TelemetryNames.Source, Version);

    public static bool IsWatched => s_source.HasListeners();

    /// <summary>Starts the activity of a run below the caller's. It is current on the calling thread.</summary>
    /// <param name="level">The level of the host.</param>
    /// <param name="host">The name of the host; null for the one without a name.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="tenant">The run's tenant; null if traces do not name it.</param>
    public static Activity? StartRun(string level, string? host, string runId, string? tenant)
    {
        Activity? run = s_source.StartActivity(TelemetryNames.RunActivity);
        run?.SetTag(TelemetryNames.LevelTag, level);
        run?.SetTag(TelemetryNames.RunTag, runId);
        if (host is not null) run?.SetTag(TelemetryNames.HostTag, host);
        if (tenant is not null) run?.SetTag(TelemetryNames.TenantTag, tenant);
        return run;
    }

    /// <summary>Starts the activity of the run's time on a worker. It is never current: it begins and ends on threads that serve every run.</summary>
    public static Activity? StartWorker(ActivityContext run) => Aside(() => s_source.StartActivity(TelemetryNames.WorkerActivity, ActivityKind.Internal, run));

    /// <summary>Starts the activity of a tool call. It is current on the calling thread.</summary>
    /// <param name="name">The tool, as the script named it.</param>
    /// <param name="tag">The tool if it is registered.</param>
    /// <param name="number">The number of the call in its run.</param>
    /// <param name="parent">The worker's activity.</param>
    public static Activity? StartTool(string name, string tag, uint number, ActivityContext parent)
    {
        if (s_source.StartActivity(TelemetryNames.ToolActivity, ActivityKind.Internal, parent) is not { } call) return null;
        string shown = name.Length <= MaxToolName ? name : name[..MaxToolName];
        call.SetTag(TelemetryNames.ToolTag, shown);
        if (!call.IsAllDataRequested) return call;
        // OpenTelemetry's conventions for generative AI: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span
        call.DisplayName = $"{TelemetryNames.ExecuteTool} {tag}";
        call.SetTag(TelemetryNames.GenAiOperationTag, TelemetryNames.ExecuteTool);
        call.SetTag(TelemetryNames.GenAiToolTag, shown);
        call.SetTag(TelemetryNames.GenAiToolTypeTag, "function");
        call.SetTag(TelemetryNames.GenAiCallTag, ToolCallEvent.IdOf(number));
        return call;
    }

    /// <summary>Marks it as failed with this code.</summary>
    public static void Fail(Activity activity, string code)
    {
        activity.SetTag(TelemetryNames.ErrorTag, code);
        activity.SetStatus(ActivityStatusCode.Error, code);
    }

    public static void StopAside(Activity activity) => Aside(() =>
    {
        activity.Stop();
        return activity;
    });

    /// <summary>Restores the current activity: starting and stopping change it, and this thread serves other runs too.</summary>
    private static Activity? Aside(Func<Activity?> act)
    {
        Activity? before = Activity.Current;
        Activity? activity = act();
        Activity.Current = before is { IsStopped: true } ? null : before;
        return activity;
    }
}
