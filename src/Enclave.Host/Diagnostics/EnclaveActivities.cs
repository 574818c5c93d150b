using System.Diagnostics;

namespace Enclave.Diagnostics;

/// <summary>The activities of the source "Enclave" (docs/telemetry.md). What a script or a tool says is never in them: only codes, names and ids.</summary>
internal static class EnclaveActivities
{
    /// <summary>A name comes from the script.</summary>
    private const int MaxToolName = 100;

    public static string? Version { get; } = typeof(EnclaveActivities).Assembly.GetName().Version?.ToString(3);

    private static readonly ActivitySource s_source = new(TelemetryNames.Source, Version);

    public static bool IsWatched => s_source.HasListeners();

    /// <summary>One run, below whatever the caller does. It is current where this was called.</summary>
    /// <param name="level">The level of the host.</param>
    /// <param name="host">Which of an application's hosts it is; null for the one without a name.</param>
    /// <param name="tenant">Whose run it is; null when traces do not say it.</param>
    public static Activity? StartRun(string level, string? host, string? tenant)
    {
        Activity? run = s_source.StartActivity(TelemetryNames.RunActivity);
        run?.SetTag(TelemetryNames.LevelTag, level);
        if (host is not null) run?.SetTag(TelemetryNames.HostTag, host);
        if (tenant is not null) run?.SetTag(TelemetryNames.TenantTag, tenant);
        return run;
    }

    /// <summary>The run's time on a worker. Current nowhere: it begins and ends on threads that serve every run.</summary>
    public static Activity? StartWorker(ActivityContext run) => Aside(() => s_source.StartActivity(TelemetryNames.WorkerActivity, ActivityKind.Internal, run));

    /// <summary>One tool call. It is current where this was called.</summary>
    public static Activity? StartTool(string name, ActivityContext parent)
    {
        Activity? call = s_source.StartActivity(TelemetryNames.ToolActivity, ActivityKind.Internal, parent);
        call?.SetTag(TelemetryNames.ToolTag, name.Length <= MaxToolName ? name : name[..MaxToolName]);
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

    /// <summary>Starting and stopping change what is current on the thread; here the thread is nobody's.</summary>
    private static Activity? Aside(Func<Activity?> act)
    {
        Activity? before = Activity.Current;
        Activity? activity = act();
        Activity.Current = before is { IsStopped: true } ? null : before;
        return activity;
    }
}
