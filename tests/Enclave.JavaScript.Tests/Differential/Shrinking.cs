namespace Enclave.JavaScript.Tests.Differential;

/// <summary>Makes an example short.</summary>
internal static class Shrinking
{
    /// <summary>The text without the pieces that it does not need to stay an example, tried from halves down to single characters.</summary>
    public static string Of(string text, Func<string, bool> isExample)
    {
        for (int size = Math.Max(1, text.Length / 2); size >= 1; size /= 2)
        {
            for (int at = 0; at < text.Length;)
            {
                string shorter = text.Remove(at, Math.Min(size, text.Length - at));
                if (isExample(shorter)) text = shorter;
                else at += size;
            }
        }

        return text;
    }
}
