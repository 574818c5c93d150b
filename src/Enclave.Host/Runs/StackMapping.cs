using System.Globalization;
using System.Text;
using Enclave.JavaScript.Text;

namespace Enclave.Runs;

/// <summary>Maps the frames of a stack from the text that ran to the user's own lines.</summary>
internal static class StackMapping
{
    /// <param name="stack">Frames from the worker, one per line: <c>at name (source:line:column)</c> or <c>at source:line:column</c>. They are untrusted:
    /// lines of another form are left unchanged.</param>
    /// <param name="job">The job of the stack.</param>
    public static string? ToUser(string? stack, ExecutionJob job)
    {
        if (stack is null) return null;
        var mapped = new StringBuilder(stack.Length);
        foreach (ReadOnlySpan<char> line in stack.AsSpan().EnumerateLines())
        {
            if (mapped.Length > 0) mapped.Append('\n');
            Append(mapped, line, job);
        }

        return mapped.ToString();
    }

    private static void Append(StringBuilder mapped, ReadOnlySpan<char> frame, ExecutionJob job)
    {
        ReadOnlySpan<char> place = frame.EndsWith(")") ? frame[..^1] : frame;
        int column = place.LastIndexOf(':');
        int line = column < 0 ? -1 : place[..column].LastIndexOf(':');
        if (line < 0 || !Number(place[(line + 1)..column], out int atLine) || !Number(place[(column + 1)..], out int atColumn)
            || job.Script.Original(atLine, atColumn - 1) is not { } original)
        {
            mapped.Append(frame);
            return;
        }

        mapped.Append(frame[..line]).Append(CultureInfo.InvariantCulture, $":{original.Line}:{original.Column + 1}").Append(frame[place.Length..]);
    }

    private static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
