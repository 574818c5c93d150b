using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave serve --openapi</c>.</summary>
public sealed class ServeServicesTests : IDisposable
{
    private const string Secret = "k3y-of-the-pets-0123456789";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _service = new();
    private readonly Uri _address;
    private string _paths = """{ "/pets/{id}": { "get": { "operationId": "getPet", "summary": "One pet.", "security": [ { "key": [] } ]""" +
        """, "parameters": [ { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } } ] } } }""";

    public ServeServicesTests()
    {
        _address = Listen(_service);
        _ = AnswerAsync();
    }

    public void Dispose()
    {
        ((IDisposable)_service).Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scripts_call_a_services_operations_and_clients_are_told_of_them(bool fromFile)
    {
        string document = fromFile ? _folder.File("pets.json", Document()) : new Uri(_address, "openapi.json").AbsoluteUri;
        string secrets = Path.GetDirectoryName(_folder.File("PETS_KEY", Secret + "\n"))!;
        await using Served served = await Served.Start(
            "--debug", "--openapi", $"pets={document}", "--openapi-base", $"pets={_address}", "--openapi-secret", "pets:key=PETS_KEY", "--secrets", secrets);

        (HttpStatusCode status, string text) = await served.Post("return await callTool('pets:getPet', { id: 7 })");
        JsonElement catalogue = JsonDocument.Parse(await (await served.Get("/code/actions")).Content.ReadAsStringAsync()).RootElement;
        CliResult ended = await served.StopAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        // The secret is masked when the service echoes it.
        Assert.Contains("\"result\":{\"path\":\"/pets/7\",\"key\":\"***\",\"known\":true}", text, StringComparison.Ordinal);
        Assert.Equal("""[{"name":"pets:getPet","description":"One pet.","service":"pets"}]""", catalogue.GetProperty("actions").GetRawText());
        Assert.Equal(("pets", 1),
            (catalogue.GetProperty("services")[0].GetProperty("name").GetString(), catalogue.GetProperty("services")[0].GetProperty("actionCount").GetInt32()));
        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain(Secret, ended.Output + ended.Error + text + catalogue.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_may_be_yaml()
    {
        string document = _folder.File("pets.yaml", """
            openapi: 3.1.0
            info: {title: Pets, version: 1.0.0}
            x-id: &id
              name: id
              in: path
              required: true
              schema: {type: integer}
            paths:
              /pets/{id}:
                get:
                  operationId: getPet
                  parameters: [*id]
            """);
        await using Served served = await Served.Start("--openapi", $"pets={document}", "--openapi-base", $"pets={_address}");

        Assert.Contains("\"path\":\"/pets/7\"", (await served.Post("return await callTool('pets:getPet', { id: 7 })")).Text, StringComparison.Ordinal);
        Assert.Contains("TOOL_INVALID_ARGUMENTS", (await served.Post("return await callTool('pets:getPet', { id: '7' })")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_secret_for_all_is_a_bearer_token()
    {
        _paths = """{ "/who": { "get": { "operationId": "who" } } }""";
        string secrets = Path.GetDirectoryName(_folder.File("TOKEN", Secret))!;
        await using Served served = await Served.Start("--openapi",
            $"pets={_folder.File("pets.json", Document())}", "--openapi-base", $"pets={_address}", "--openapi-secret", "pets=TOKEN", "--secrets", secrets);

        Assert.Contains("\"bearer\":true", (await served.Post("return await callTool('pets:who')")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--openapi pets", "--openapi is \"pets\"; it takes NAME=FILE or NAME=URL.")]
    [InlineData("--openapi pets=/does/not/exist.json --openapi-base pets=https://a.example", "--openapi: the document of pets is not to be had")]
    [InlineData("--openapi pets=FILE --openapi pets=FILE", "\"pets\" is defined twice")]
    [InlineData("--openapi pets=FILE --openapi-base dogs=https://a.example", "--openapi-base names the service \"dogs\", which no --openapi defines.")]
    [InlineData("--openapi pets=FILE --openapi-base pets=nowhere", "it takes NAME=URL")]
    [InlineData("--openapi pets=FILE --openapi-base pets=https://a.example --openapi-secret pets:key=PETS_KEY", "add --secrets DIR")]
    [InlineData("--openapi pets=FILE --openapi-base pets=https://a.example --openapi-secret pets:none=PETS_KEY --secrets /tmp", "no security scheme 'none'")]
    [InlineData("--openapi pets=FILE", "name it (BaseAddress)")]
    [InlineData("--openapi pets=/etc/passwd --openapi-base pets=https://a.example", "--openapi: ")]
    [InlineData("--openapi 1=FILE", "OpenApiOptions.Name is '1'")]
    [InlineData("--openapi pets=FILE --openapi-base pets=https://a.example --openapi-refresh soon", "--openapi-refresh is \"soon\"")]
    public async Task A_wrong_call_is_refused_with_its_remedy(string options, string words)
    {
        string file = _folder.File("pets.json", Document());

        CliResult result = await CliProcess.RunAsync(["serve", "--port", "0", .. options.Replace("FILE", file, StringComparison.Ordinal).Split(' ')]);

        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
    }

    private string Document() => $$"""{ "openapi": "3.0.3", "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name":""" +
        $$""" "X-Key" } } }, "paths": {{_paths}} }""";

    /// <summary>On a free port.</summary>
    private static Uri Listen(HttpListener listener)
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}/");
        port.Stop();
        listener.Prefixes.Add(address.AbsoluteUri);
        listener.Start();
        return address;
    }

    private async Task AnswerAsync()
    {
        while (_service.IsListening)
        {
            HttpListenerContext asked;
            try
            {
                asked = await _service.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            string? key = asked.Request.Headers["X-Key"];
            string text = asked.Request.Url!.AbsolutePath switch
            {
                "/openapi.json" => Document(),
                "/who" => JsonSerializer.Serialize(new { bearer = asked.Request.Headers["Authorization"] == $"Bearer {Secret}" }),
                var path => JsonSerializer.Serialize(new { path, key, known = key == Secret }),
            };
            asked.Response.ContentType = "application/json";
            await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            asked.Response.Close();
        }
    }
}
