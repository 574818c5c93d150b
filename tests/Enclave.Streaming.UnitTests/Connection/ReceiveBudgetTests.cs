using Enclave.Streaming.Channels;

namespace Enclave.Streaming.Tests.Connection;

/// <summary>Unfinished messages of many connections have one sum.</summary>
public sealed class ReceiveBudgetTests
{
    private readonly List<string> _givenUp = [];
    private readonly ReceiveBudget _budget = new(100);

    [Fact]
    public void The_message_that_began_first_is_given_up()
    {
        ReceiveShare first = Open("first"), second = Open("second"), third = Open("third");
        Assert.True(first.TrySet(30));
        Assert.True(second.TrySet(30));
        Assert.True(first.TrySet(40));

        Assert.True(third.TrySet(60));

        Assert.Equal(["first"], _givenUp);
        Assert.False(first.TrySet(1));
        // There is room for 10 more, and no more.
        Assert.True(second.TrySet(40));
        Assert.Single(_givenUp);
    }

    [Fact]
    public void A_message_never_gives_up_itself_and_bytes_come_back()
    {
        ReceiveShare first = Open("first"), second = Open("second");
        Assert.True(first.TrySet(50));
        Assert.True(second.TrySet(50));

        Assert.True(first.TrySet(100));
        Assert.Equal(["second"], _givenUp);

        Assert.True(first.TrySet(0));
        Assert.True(Open("third").TrySet(100));
        Assert.Single(_givenUp);
    }

    private ReceiveShare Open(string name) => _budget.Open(() => _givenUp.Add(name));
}
