namespace Enclave.Streaming.Channels;

/// <summary>The part of a <see cref="ReceiveBudget"/> that one connection has. The budget uses its members under its own lock.</summary>
internal sealed class ReceiveShare
{
    private readonly ReceiveBudget _budget;

    public ReceiveShare(ReceiveBudget budget, Action giveUp)
    {
        (_budget, GiveUp) = (budget, giveUp);
        Node = new LinkedListNode<ReceiveShare>(this);
    }

    public Action GiveUp { get; }

    public LinkedListNode<ReceiveShare> Node { get; }

    public long Bytes { get; set; }

    public bool IsGivenUp { get; set; }

    /// <inheritdoc cref="ReceiveBudget.TrySet"/>
    public bool TrySet(long bytes) => _budget.TrySet(this, bytes);
}
