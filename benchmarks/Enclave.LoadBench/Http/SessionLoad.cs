namespace Enclave.LoadBench.Http;

/// <summary>Sessions of several clients. Each client has its own connection and runs one session after another.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Scripts">The scripts that the sessions run, in turn.</param>
/// <param name="Clients">The number of clients.</param>
/// <param name="Sessions">The number of sessions in all.</param>
internal sealed record SessionLoad(string Name, IReadOnlyList<SessionScript> Scripts, int Clients, int Sessions)
{
    private static readonly SessionScript s_plain = new(0, 0), s_tenCalls = new(10, 0), s_tenLines = new(0, 10);

    /// <summary>The pause before each session.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>True if the model is fitted to it (docs/scale.md). The other loads show the model's error.</summary>
    public bool IsFitted { get; init; }

    public static IReadOnlyList<SessionLoad> WarmUp(int sessions) =>
    [
        new("warm-up", [s_plain], 8, sessions),
        new("warm-up", [s_tenCalls, s_tenLines], 8, sessions / 4),
    ];

    /// <summary>The loads that measure a client's times.</summary>
    public static IReadOnlyList<SessionLoad> Usual(int sessions) =>
    [
        new("return 1 + 1, after a pause of 2 ms", [s_plain], 1, sessions / 4) { Pause = TimeSpan.FromMilliseconds(2) },
        new("return 1 + 1", [s_plain], 1, sessions / 2),
        new("ten tool calls", [s_tenCalls], 1, sessions / 4),
        new("return 1 + 1", [s_plain], 8, sessions),
        new("ten tool calls", [s_tenCalls], 8, sessions / 2),
    ];

    /// <summary>The loads that fit and check the model of docs/scale.md.</summary>
    public static IReadOnlyList<SessionLoad> Grid(int sessions) =>
    [
        new("return 1 + 1", [s_plain], 1, sessions / 3) { IsFitted = true },
        new("10 tool calls", [s_tenCalls], 1, sessions / 8) { IsFitted = true },
        new("10 console lines", [s_tenLines], 1, sessions / 8) { IsFitted = true },
        new("return 1 + 1", [s_plain], 8, sessions) { IsFitted = true },
        new("10 tool calls", [s_tenCalls], 8, sessions / 3) { IsFitted = true },
        new("10 console lines", [s_tenLines], 8, sessions / 3) { IsFitted = true },
        new("3 tool calls", [new(3, 0)], 1, sessions / 8),
        new("3 tool calls", [new(3, 0)], 8, sessions / 2),
        new("30 tool calls", [new(30, 0)], 8, sessions / 8),
        new("2 console lines", [new(0, 2)], 8, sessions / 2),
        new("return 1 + 1", [s_plain], 4, sessions / 2),
        new("return 1 + 1", [s_plain], 16, sessions),
        new("mix", [s_plain, s_tenCalls, s_plain, new(3, 0), s_plain, new(0, 2), s_plain, new(3, 0), s_plain, s_plain], 8, sessions / 2),
    ];
}
