using System.Net;
using System.Net.Sockets;
using Enclave.Networks;
using Enclave.OpenApi;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>A service's name must not lead to this machine or to a cloud's metadata, even if its DNS answers say so.</summary>
public sealed class ReachTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("93.184.216.34", "Public")]
    [InlineData("2606:2800:220:1::1", "Public")]
    [InlineData("10.1.2.3", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("172.32.0.1", "Public")]
    [InlineData("192.168.1.1", "Private")]
    [InlineData("100.100.100.200", "Private")]
    [InlineData("fd00:ec2::254", "Private")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.255.255.255", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::ffff:10.0.0.1", "Private")]
    [InlineData("64:ff9b::7f00:1", "Loopback")]
    [InlineData("64:ff9b::a9fe:a9fe", "Never")]
    [InlineData("2002:7f00:1::", "Loopback")]
    [InlineData("169.254.169.254", "Never")]
    [InlineData("fe80::1", "Never")]
    [InlineData("0.0.0.0", "Never")]
    [InlineData("::", "Never")]
    [InlineData("::7f00:1", "Never")]
    [InlineData("224.0.0.1", "Never")]
    [InlineData("255.255.255.255", "Never")]
    [InlineData("ff02::1", "Never")]
    public void Each_address_is_of_a_kind(string address, string kind) => Assert.Equal(kind, NetworkReach.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void A_name_of_the_operators_stays_in_the_kind_of_network_where_it_was_first_reached()
    {
        var reach = new NetworkReach("api.example");
        reach.Remember("api.example", NetworkKind.Public);

        Assert.Equal([IPAddress.Parse("93.184.216.34")], reach.Allowed("api.example", Found("127.0.0.1", "93.184.216.34")));
        foreach (string other in (string[])["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "0.0.0.0"])
        {
            HttpRequestException fault = Assert.Throws<HttpRequestException>(() => reach.Allowed("API.example", Found(other)));
            Assert.Contains("where it may not lead: it is known as a public address", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal([IPAddress.Parse("2606:2800:220:1::1")], reach.Allowed("api.example", Found("2606:2800:220:1::1")));
    }

    [Fact]
    public void A_service_of_the_operators_own_network_stays_there()
    {
        var reach = new NetworkReach("api.corp");

        Assert.Single(reach.Allowed("api.corp", Found("10.0.0.1")));
        reach.Remember("api.corp", NetworkKind.Private);
        Assert.Throws<HttpRequestException>(() => reach.Allowed("api.corp", Found("127.0.0.1")));
        Assert.Throws<HttpRequestException>(() => reach.Allowed("api.corp", Found("93.184.216.34")));
        Assert.Throws<HttpRequestException>(() => new NetworkReach("api.corp").Allowed("api.corp", Found("169.254.169.254")));
        Assert.Throws<HttpRequestException>(() => new NetworkReach("api.corp").Allowed("api.corp", []));
    }

    [Fact]
    public void A_name_of_the_documents_leads_to_public_addresses_alone()
    {
        var reach = new NetworkReach("docs.example");

        Assert.Single(reach.Allowed("api.example", Found("93.184.216.34")));
        foreach (string other in (string[])["127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00:ec2::254"])
            Assert.Throws<HttpRequestException>(() => reach.Allowed("api.example", Found(other)));
    }

    [Theory]
    [InlineData("https://127.0.0.1/v1", "this machine")]
    [InlineData("https://[::1]/v1", "this machine")]
    [InlineData("https://2130706433/v1", "this machine")]
    [InlineData("https://0x7f.1/v1", "this machine")]
    [InlineData("https://localhost/v1", "this machine")]
    [InlineData("https://api.localhost/v1", "this machine")]
    [InlineData("https://169.254.169.254/latest", "where no service is")]
    [InlineData("https://10.0.0.1/v1", "a private network")]
    [InlineData("https://[fd00:ec2::254]/v1", "a private network")]
    public async Task A_document_does_not_send_calls_into_the_operators_network(string server, string words)
    {
        string document = ServiceBench.Operation("", more: $$"""
            "servers": [ { "url": "{{server}}" } ],
            """);

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(document, (options) => options with { BaseAddress = null }));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains("(BaseAddress)", fault.Message, StringComparison.Ordinal);
        // The operator may write any address.
        Assert.Single((await _bench.Load(document, (options) => options with { BaseAddress = new Uri(server) })).Tools);
    }

    [Fact]
    public async Task A_template_of_a_server_is_held_to_the_same()
    {
        string document = ServiceBench.Operation("", more: """
            "servers": [ { "url": "https://{host}.{rest}/", "variables": { "host": { "default": "169.254" }, "rest": { "default": "169.254" } } } ],
            """);

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(document, (options) => options with { BaseAddress = null }));

        Assert.Contains("a server at 169.254.169.254", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The attack itself: a name that led elsewhere now leads to a server on this machine.</summary>
    [Fact]
    public async Task A_rebound_name_does_not_reach_a_server_of_this_machine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port, resolved = 0;
        Task<TcpClient> reached = listener.AcceptTcpClientAsync();
        using HttpClient client = Client(new NetworkConnector(new NetworkReach("other.example"), (_, _) =>
        {
            resolved++;
            return Task.FromResult(Found("127.0.0.1"));
        }));

        HttpRequestException fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://api.example:{port}/")));

        Assert.Contains("api.example leads to 127.0.0.1", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, false), (resolved, reached.IsCompleted));
    }

    [Fact]
    public async Task A_name_of_the_operators_is_resolved_once_and_connected_to_what_was_looked_at()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port, resolved = 0;
        _ = AnswerAsync(listener);
        using HttpClient client =
            Client(new NetworkConnector(new NetworkReach("api.example"), (_, _) => Task.FromResult(Found(resolved++ == 0 ? "127.0.0.1" : "10.0.0.1"))));

        Assert.Equal("ok", await client.GetStringAsync(new Uri($"http://api.example:{port}/")));
        // At the next connection the name leads elsewhere.
        HttpRequestException fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://api.example:{port}/")));

        Assert.Contains("leads to 10.0.0.1, where it may not lead: it is known as this machine", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, resolved);
    }

    /// <summary>A wrong answer of a resolver passes. It must not close a service until the host restarts.</summary>
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_wrong_answer_of_the_resolver_decides_nothing(string wrong)
    {
        var reach = new NetworkReach("api.example");
        using (HttpClient client = Client(new NetworkConnector(reach, (_, _) => Task.FromResult(Found(wrong)))))
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://api.example:{ClosedPort()}/")));

        foreach (string right in (string[])["10.0.0.1", "93.184.216.34"]) Assert.Single(reach.Allowed("api.example", Found(right)));
    }

    /// <summary>A machine at a wrong address may accept connections. Without the certificate of the host it is not the host.</summary>
    [Fact]
    public async Task A_machine_that_cannot_prove_the_name_decides_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var reach = new NetworkReach("api.example");
        using HttpClient client = Client(new NetworkConnector(reach, (_, _) => Task.FromResult(Found("127.0.0.1"))));
        Task<HttpResponseMessage> asked = client.GetAsync(new Uri($"https://api.example:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        using (TcpClient accepted = await listener.AcceptTcpClientAsync()) await accepted.GetStream().WriteAsync("no TLS\n"u8.ToArray());

        await Assert.ThrowsAsync<HttpRequestException>(() => asked);

        Assert.Single(reach.Allowed("api.example", Found("93.184.216.34")));
    }

    [Fact]
    public void Of_two_first_connections_the_later_one_is_held_to_the_earlier()
    {
        var reach = new NetworkReach("api.example");
        reach.Remember("api.example", NetworkKind.Private);
        reach.Remember("api.example", NetworkKind.Private);

        HttpRequestException fault = Assert.Throws<HttpRequestException>(() => reach.Remember("API.example", NetworkKind.Loopback));

        Assert.Contains(
            "leads to this machine, where it may not lead: it is known as an address of a private network", fault.Message, StringComparison.Ordinal);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static HttpClient Client(NetworkConnector connector) => new(connector.CreateHandler(TimeSpan.FromSeconds(10)));

    private static async Task AnswerAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[16]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
        // Reads the rest of the request, because otherwise the connection would end with a reset.
        byte[] rest = new byte[1024];
        while (await stream.ReadAsync(rest) > 0) { }
    }

    private static IPAddress[] Found(params string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
