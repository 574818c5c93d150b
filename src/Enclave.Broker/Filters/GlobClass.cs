namespace Enclave.Broker.Filters;

/// <summary>A class of characters in brackets.</summary>
/// <param name="Ranges">First and last of each range.</param>
/// <param name="Negated">True for all other characters.</param>
internal sealed record GlobClass(IReadOnlyList<(char First, char Last)> Ranges, bool Negated)
{
    public bool Contains(char character)
    {
        foreach ((char first, char last) in Ranges)
        {
            if (character >= first && character <= last) return !Negated;
        }

        return Negated;
    }
}
