using System.Text.Json;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>An answer for a model as the result of a function: JSON, or contents if there are files with it.</summary>
internal static class ReplyContent
{
    public static object Of(CodeReply reply)
    {
        string answer = reply.Text;
        if (reply.Content.Count == 0) return JsonElement.Parse(answer);
        return new List<AIContent>([
            new TextContent(answer),
            .. reply.Content.Select((file) => new DataContent(file.Data, file.MediaType) { Name = file.Name }),
        ]);
    }
}
