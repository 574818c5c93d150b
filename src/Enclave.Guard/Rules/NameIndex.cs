using System.Numerics;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>Finds the known name that differs from a given one only by a typing error. Thread-safe.</summary>
/// <remarks>Make it once for each list of names: a lookup compares only names of about the same length that have about the same letters.</remarks>
internal sealed class NameIndex
{
    private const int MaxNameLength = 32, MaxDistance = 2;

    /// <summary>The most names that one lookup compares letter by letter. If more names have about the same letters, the rest is not compared.</summary>
    private const int MaxComparisons = 2_000;

    private readonly Entry[][] _byLength;

    /// <summary>Reads the names. Longer ones than 32 characters are never suggested.</summary>
    public NameIndex(IEnumerable<string> names)
    {
        var byLength = new List<Entry>[MaxNameLength + 1];
        foreach (string name in names)
        {
            if (name.Length <= MaxNameLength) (byLength[name.Length] ??= []).Add(new Entry(name, LettersOf(name)));
        }

        _byLength = [.. byLength.Select((entries) => entries?.ToArray() ?? [])];
    }

    /// <summary>The name with the fewest differences; of several, the first in ordinal order. Null if there is none.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="meter">Counts the comparisons; null for no bound.</param>
    /// <param name="isOpen">Says if a name may be suggested; null for all.</param>
    /// <exception cref="WorkLimitException">The meter's limit is reached.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public string? Nearest(string name, WorkMeter? meter = null, Func<string, bool>? isOpen = null)
    {
        if (name.Length is < 3 or > MaxNameLength) return null;
        ulong letters = LettersOf(name);
        (string? best, int distance, int compared) = (null, Math.Min(MaxDistance, name.Length / 3), 0);
        for (int length = name.Length - distance; length <= Math.Min(MaxNameLength, name.Length + distance); length++)
        {
            foreach (Entry entry in _byLength[length])
            {
                meter?.Step();
                // One edit changes the set of letters by at most two: it removes one letter and adds one.
                if (BitOperations.PopCount(entry.Letters ^ letters) > 2 * distance) continue;
                if (++compared > MaxComparisons) return best;
                int edits = Edits(name, entry.Name, distance);
                if (edits > distance || (edits == distance && best is not null && string.CompareOrdinal(best, entry.Name) <= 0)) continue;
                if (isOpen?.Invoke(entry.Name) != false) (best, distance) = (entry.Name, edits);
            }
        }

        return best;
    }

    /// <summary>The number of letters to change, add or leave out, ignoring case. Any number above <paramref name="most"/> if there are more.</summary>
    private static int Edits(string left, string right, int most)
    {
        Span<int> row = stackalloc int[MaxNameLength + 1];
        for (int j = 0; j <= right.Length; j++) row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            // Further from the diagonal there are more differences than wanted.
            (int first, int last) = (Math.Max(1, i - most), Math.Min(right.Length, i + most));
            int diagonal = row[first - 1], least = most + 1;
            row[first - 1] = first == 1 ? i : most + 1;
            if (last < right.Length) row[last + 1] = most + 1;
            for (int j = first; j <= last; j++)
            {
                int cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
                least = Math.Min(least, row[j]);
            }

            if (least > most) return least;
        }

        return row[right.Length];
    }

    private static ulong LettersOf(string name)
    {
        ulong letters = 0;
        foreach (char c in name) letters |= 1UL << (char.ToLowerInvariant(c) & 63);
        return letters;
    }

    private readonly record struct Entry(string Name, ulong Letters);
}
