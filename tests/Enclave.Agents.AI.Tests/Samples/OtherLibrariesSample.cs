using Enclave.Extensions.AI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace Enclave.Agents.AI.Tests;

/// <summary>The last sample of docs/agents.md.</summary>
public sealed class OtherLibrariesSample
{
    [Fact]
    public async Task Other_libraries_take_the_same_function()
    {
        var kernel = new Kernel();
        KernelPlugin shop = KernelPluginFactory.CreateFromFunctions("shop", [KernelFunctionFactory.CreateFromMethod(() => 1, "one")]);
        var options = new EnclaveOptions();
        await using var enclave = new EnclaveHost();
        const string key = "none";
        // sample
        // Semantic Kernel: its functions as tools of scripts, and the host as its function.
        options.Tools.AddAIFunctions(shop.Select((function) => function.WithKernel(kernel)), prefix: "shop");
        kernel.Plugins.AddFromFunctions("enclave", [enclave.AsAIFunction().AsKernelFunction()]);

        // Clients of models that call functions.
        using IChatClient openai = new OpenAI.OpenAIClient(key).GetChatClient("gpt-5").AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        using IChatClient anthropic = new Anthropic.AnthropicClient { ApiKey = key }
            .AsIChatClient("claude-sonnet-5").AsBuilder().UseFunctionInvocation().Build();
        var chat = new ChatOptions { Tools = [enclave.AsAIFunction()] };
        // end
        Assert.Equal("run_code", Assert.Single(chat.Tools).Name);
        Assert.Equal("shop:one", Assert.Single(options.Tools).Name);
        Assert.NotNull(openai.GetService<FunctionInvokingChatClient>());
        Assert.NotNull(anthropic.GetService<FunctionInvokingChatClient>());
    }
}
