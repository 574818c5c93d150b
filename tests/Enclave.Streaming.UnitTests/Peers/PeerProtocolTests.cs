using Enclave.Streaming.Peers;

namespace Enclave.Streaming.Tests.Peers;

/// <summary>Protocol versions that parts of a deployment report, also malformed ones.</summary>
public sealed class PeerProtocolTests
{
    [Fact]
    public void The_text_of_this_build_is_read_as_it_is()
    {
        Assert.True(PeerProtocol.TryRead(PeerProtocol.Ours.ToString(), out PeerProtocol? read));

        Assert.Equal((PeerProtocol.Ours.Version, PeerProtocol.Ours.Least), (read.Version, read.Least));
        Assert.Equal(PeerProtocol.Ours.Features, read.Features);
        Assert.Equal(PeerProtocol.Ours.Version - 1, PeerProtocol.Ours.Least);
        Assert.InRange(PeerProtocol.Ours.ToString().Length, 1, PeerProtocol.MaxText);
    }

    [Theory]
    [InlineData(null, 1, 1, true)]
    [InlineData("1", 1, 1, true)]
    [InlineData("2", 2, 1, true)]
    [InlineData("3", 3, 2, true)]
    [InlineData("4", 4, 3, false)]
    [InlineData("999;least=2", 999, 2, true)]
    [InlineData("999;least=3;features=return", 999, 3, false)]
    [InlineData("2; least=1 ;colour=blue;features=;least", 2, 1, true)]
    public void A_version_speaks_with_the_one_before_unless_it_says_more(string? text, int version, int least, bool understood)
    {
        Assert.True(PeerProtocol.TryRead(text, out PeerProtocol? read));

        Assert.Equal((version, least, understood), (read.Version, read.Least, read.IsUnderstood));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+2")]
    [InlineData("2.0")]
    [InlineData("10000")]
    [InlineData("99999999999999999999")]
    [InlineData(";least=1")]
    [InlineData("2;least=")]
    [InlineData("2;least=3")]
    [InlineData("2;features=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q")]
    [InlineData("2;features=a-feature-whose-name-is-longer-than-any")]
    [InlineData("２")]
    public void A_text_that_is_no_version_is_refused(string text) => Assert.False(PeerProtocol.TryRead(text, out _));

    [Fact]
    public void A_long_text_is_refused_before_it_is_looked_into() => Assert.False(PeerProtocol.TryRead("2;" + new string(';', PeerProtocol.MaxText), out _));

    [Fact]
    public void A_feature_is_had_by_its_whole_name()
    {
        Assert.True(PeerProtocol.TryRead("2;features=returns,teleport", out PeerProtocol? read));

        Assert.Equal((false, true), (read.Has(PeerProtocol.Return), read.Has("teleport")));
        Assert.False(PeerProtocol.First.Has(PeerProtocol.Return));
    }
}
