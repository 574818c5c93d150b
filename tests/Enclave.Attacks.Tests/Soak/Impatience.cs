namespace Enclave.Attacks.Tests.Soak;

/// <summary>Callers that give up: at once, or after a number of other jobs has ended.</summary>
internal sealed class Impatience
{
    private readonly Lock _gate = new();
    private readonly List<(long At, CancellationTokenSource Cancel)> _waiting = [];
    private long _ended;

    public async ValueTask Take(CancellationTokenSource cancel, int chance)
    {
        if (chance % 4 == 0)
        {
            await cancel.CancelAsync();
            return;
        }

        lock (_gate) _waiting.Add((_ended + (chance % 7) + 1, cancel));
    }

    public async ValueTask JobEnded()
    {
        CancellationTokenSource[] due;
        lock (_gate)
        {
            _ended++;
            due = [.. _waiting.Where((each) => each.At <= _ended).Select((each) => each.Cancel)];
            _waiting.RemoveAll((each) => each.At <= _ended);
        }

        foreach (CancellationTokenSource cancel in due)
        {
            try
            {
                await cancel.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // Its job has ended by itself.
            }
        }
    }
}
