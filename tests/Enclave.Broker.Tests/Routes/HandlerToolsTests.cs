using System.Text.Json;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Tools that a handler answers are not registered, and are listed all the same.</summary>
public sealed class HandlerToolsTests
{
    [Fact]
    public async Task The_tools_of_the_command_line_are_in_the_catalogue()
    {
        await using CliServer server = await CliServer.Broker(0, "--tool", "greet=echo hello", "--tool", "count:things=echo 7");
        using var http = new HttpClient { BaseAddress = server.Address };

        JsonElement catalogue = JsonDocument.Parse(await http.GetStringAsync("/code/actions")).RootElement;

        Assert.Equal(["greet", "count:things"], catalogue.GetProperty("actions").EnumerateArray().Select((action) => action.GetProperty("name").GetString()));
        Assert.NotEqual("empty", catalogue.GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_registered_tool_of_the_same_name_is_told_once()
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.HandlerTools = ["echo", "other"]);

        JsonElement catalogue = await app.Get("/code/actions");

        string?[] names = [.. catalogue.GetProperty("actions").EnumerateArray().Select((action) => action.GetProperty("name").GetString())];
        Assert.Single(names, "echo");
        Assert.Equal("other", names[^1]);
    }
}
