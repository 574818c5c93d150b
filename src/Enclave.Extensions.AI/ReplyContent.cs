using System.Text.Json;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>An answer for a model as the result of a function: JSON, or contents if there are files with it.</summary>
internal static class ReplyContent
{
    public static object Of(CodeReply reply)
    {
        JsonElement answer = JsonSerializer.SerializeToElement(reply.Answer);
        if (reply.Content.Count == 0) return answer;
        return new List<AIContent>([
            new TextContent(answer.GetRawText()),
            .. reply.Content.Select((file) => new DataContent(file.Data, file.MediaType) { Name = file.Name }),
        ]);
    }
}
