using Enclave.Cluster.Live;

namespace Enclave.Cluster.Tests.Command;

/// <summary>The parts that a small terminal shows.</summary>
public sealed class PartWindowTests
{
    [Theory]
    [InlineData(11, 0, 20, 0, 11)]
    [InlineData(11, 0, 11, 0, 11)]
    [InlineData(11, 0, 6, 0, 5)]
    [InlineData(11, 5, 6, 3, 5)]
    [InlineData(11, 10, 6, 6, 5)]
    [InlineData(11, 10, 0, 8, 3)]
    [InlineData(2, 1, 0, 0, 2)]
    public void As_many_as_fit_and_the_chosen_one_among_them(int parts, int chosen, int room, int first, int count)
    {
        PartWindow window = PartWindow.Of(parts, chosen, room);

        Assert.Equal(new PartWindow(first, count), window);
        Assert.InRange(chosen, window.First, window.First + window.Count - 1);
    }
}
