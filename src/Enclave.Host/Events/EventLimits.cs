namespace Enclave.Events;

/// <summary>The limits for a run's stored events: <see cref="RunOptions.MaxBufferedEvents"/> and <see cref="RunOptions.MaxBufferedEventBytes"/>.</summary>
internal readonly record struct EventLimits(int Events, long Bytes)
{
    public const int DefaultEvents = 1024;

    public const long DefaultBytes = 8L << 20;

    public static EventLimits Of(RunOptions? options) => new(options?.MaxBufferedEvents ?? DefaultEvents, options?.MaxBufferedEventBytes ?? DefaultBytes);
}
