using Microsoft.Extensions.AI;

namespace Enclave.Samples;

/// <summary>Stands for a language model: writes a script with a mistake, then a right one, and then says what came of it.</summary>
internal sealed class ScriptedModel(string folder) : IChatClient
{
    private readonly string[] _scripts =
    [
        // There is no such tool: it is told which one is near.
        $"return await tools.files.read_file_text({{ path: '{folder}/monday.csv' }})",
        $$"""
        const sold = {};
        for (const day of ['monday', 'tuesday']) {
          const { content } = await tools.files.read_text_file({ path: `{{folder}}/${day}.csv` });
          for (const line of content.trim().split('\n')) {
            const [fruit, count] = line.split(',');
            sold[fruit] = (sold[fruit] ?? 0) + Number(count);
          }
        }
        let total = 0;
        for (const [fruit, count] of Object.entries(sold)) total += count * await tools.shop.price({ fruit });
        await tools.memory.create_entities({ entities: [{ name: 'sales', entityType: 'total', observations: [`${total}`] }] });
        return { sold, total };
        """,
    ];

    private int _turn;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        AIContent said = _turn < _scripts.Length

            ? new FunctionCallContent($"call-{_turn}", "run_code", new Dictionary<string, object?> { ["code"] = _scripts[_turn] })
            : new TextContent($"{messages.Last().Contents.OfType<FunctionResultContent>().Single().Result}");
        _turn++;
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("the sample does not stream");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
