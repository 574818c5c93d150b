using System.Text.Json;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave;

/// <summary>Special results of tools.</summary>
/// <remarks>The rest converts results to values. Sizes are checked while they are written: an endless result is cut off, not collected.</remarks>
public static class ToolResult
{
    /// <summary>
    /// A value within its limit as MessagePack has at most about this many times as many bytes as JSON. The exact limit is applied afterwards.
    /// </summary>
    private const int JsonFactor = 4;

    /// <summary>
    /// The tool answers later: the durable run waits for <c>AnswerAsync</c> with this token, and holds no worker meanwhile. Return it from a
    /// tool whose result is an <see cref="object"/>. In a run that is not durable the call fails with <c>TOOL_NOT_DURABLE</c>.
    /// </summary>
    /// <param name="token">The token: one for each call, and hard to guess where answers come from outside. Range: 1 to 200 characters.</param>
    /// <param name="timeout">The longest wait; after it the call fails with <c>TOOL_TIMEOUT</c>. Default: null, none.</param>
    public static object Later(string token, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentOutOfRangeException.ThrowIfZero(token.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(token.Length, 200);
        if (timeout is { } longest) ArgumentOutOfRangeException.ThrowIfLessThan(longest, TimeSpan.Zero, nameof(timeout));
        return new LaterResult(token, timeout);
    }

    /// <summary>Waits for the answer of a tool that answers later.</summary>
    /// <exception cref="ToolException">The run cannot wait.</exception>
    internal static async Task<JournalAnswer> WaitAsync(ToolInvocation call, LaterResult later, TimeProvider clock)
    {
        if (call.Job.Determinism?.Waits is not { AreQuestions: false } waits)
            throw ToolFault.Of(ToolCode.NotDurable, $"{call.Name} answers later, and only a durable run can wait for it (RunOptions.Durable)");
        DateTimeOffset now = clock.GetUtcNow();
        // A timeout that ends after the last date that .NET has counts as no timeout.
        DateTimeOffset? until = later.Timeout <= DateTimeOffset.MaxValue - now ? now + later.Timeout : null;
        return await waits.WaitAsync(call, WaitKind.Tool, call.Name, later.Token, until).ConfigureAwait(false);
    }

    /// <summary>Converts the result of the application's own code.</summary>
    /// <exception cref="ToolException">The result is not data.</exception>
    internal static ScriptValue From(object? result)
    {
        try
        {
            return ScriptValue.From(result);
        }
        catch (ArgumentException fault)
        {
            throw new ToolException(fault.Message, fault) { Code = ToolCode.ResultInvalid };
        }
    }

    /// <summary>Counts a result of a server or service as the run's memory until the call ends. As a value it takes many times the received bytes.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="json">The result.</param>
    /// <param name="context">The call.</param>
    /// <param name="beside">Memory of data that comes with the result.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ToolException">The result takes too much memory.</exception>
    internal static async ValueTask HoldAsync(string tool, JsonElement json, ToolContext context, long beside, CancellationToken cancellationToken)
    {
        long bytes = ValueMemory.Of(json) + beside;
        if (await context.Memory.GrowByResultAsync(bytes, cancellationToken).ConfigureAwait(false)) return;
        throw ToolFault.Of(ToolCode.ResultTooLarge, $"the result of {tool} takes {bytes} bytes of the host's memory, more than the largest result may: " +
            "ask for less");
    }

    /// <exception cref="ToolException">The result is too large, or not data.</exception>
    internal static async Task<ScriptValue> ToValueAsync(ToolDefinition tool, object? result, int maxBytes, CancellationToken token)
    {
        if (result is null) return ScriptValue.Null;
        if (result is ScriptValue ready) return ready.HasReference
            ? throw ToolFault.Of(ToolCode.ResultInvalid, $"the result of {tool.Name} holds a reference of another run: it has to be opened first")
            : ready;
        if (result is string { Length: var length } && length > maxBytes) throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        if (result is byte[] { Length: var size } && size > maxBytes) throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        using var json = new BoundedStream(((long)maxBytes * JsonFactor) + 1024);
        try
        {
            // Convert by the declared type, because additional members of a derived type are not in the schema.
            await (result is SerializedResult own
                ? JsonSerializer.SerializeAsync(json, own.Value, ContractResolver.Of(own.Value.GetType(), own.Settings), token)
                : JsonSerializer.SerializeAsync(json, result, ContractResolver.Of(tool.ResultType!, OtherObjects.Options), token)).ConfigureAwait(false);
            using JsonDocument document = JsonDocument.Parse(json.Written, new JsonDocumentOptions { MaxDepth = ProtocolLimits.MaxDepth });
            return ScriptValue.From(document.RootElement);
        }
        catch (BoundedStreamException)
        {
            throw ToolFault.ResultTooLarge(tool.Name, maxBytes);
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or ArgumentException)
        {
            throw ToolFault.Of(ToolCode.ResultInvalid, $"the result of {tool.Name} is not data that a script can have: it contains itself, " +
                $"is nested deeper than {ProtocolLimits.MaxObjectDepth}, holds something that is not data, or longer integers than a value may have", fault);
        }
    }
}
