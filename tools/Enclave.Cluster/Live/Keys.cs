namespace Enclave.Cluster.Live;

/// <summary>Carries out key presses on the chosen part.</summary>
internal sealed class Keys(ClusterParts parts, FaultInjector faults)
{
    public static string[] Legend { get; } =
        ["up/down choose  x kill  s stop  a start  r restart  p pause, resume", "c cut or repair its links  t stall or repair its links  q end all"];

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private int _chosen;

    public Part Chosen => parts.All[Volatile.Read(ref _chosen)];

    /// <summary>Why the last key was refused; empty if it was not.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Reads the keyboard until <c>q</c>, or waits for ever if there is none.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected) await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            while (!Console.KeyAvailable) await Task.Delay(s_look, cancellationToken).ConfigureAwait(false);
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Q) return;
            if (key.Key is ConsoleKey.UpArrow or ConsoleKey.DownArrow) Choose(key.Key == ConsoleKey.UpArrow ? parts.All.Count - 1 : 1);
            // Not awaited: while a broker stops, which takes time, the user may kill another one.
            else _ = ActAsync(key.Key, Chosen);
        }
    }

    private void Choose(int by) => Volatile.Write(ref _chosen, (_chosen + by) % parts.All.Count);

    private async Task ActAsync(ConsoleKey key, Part part)
    {
        try
        {
            Refusal = "";
            string? action = key switch
            {
                ConsoleKey.X => "kill",
                ConsoleKey.S => "stop",
                ConsoleKey.A => "start",
                ConsoleKey.R => "restart",
                ConsoleKey.P => part.State == PartState.Paused ? "resume" : "pause",
                _ => null,
            };
            if (action is not null) await faults.ActAsync(part.Name, action).ConfigureAwait(false);
            else if (key is ConsoleKey.C or ConsoleKey.T) faults.Toggle(part.Name, key == ConsoleKey.C ? Links.LinkState.Cut : Links.LinkState.Stalled);
        }
        catch (Exception refused) when (refused is PartException or FaultException)
        {
            Refusal = refused.Message;
        }
    }
}
