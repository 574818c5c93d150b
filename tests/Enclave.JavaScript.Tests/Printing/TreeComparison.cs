using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Compares trees without their offsets.</summary>
internal static class TreeComparison
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_properties = new();

    /// <summary>The first difference between two trees; null if there is none. Walks without recursion, so trees of any depth work.</summary>
    public static string? Difference(Node left, Node right)
    {
        var rest = new Stack<(object? Left, object? Right, string Path)>();
        rest.Push((left, right, nameof(Program)));
        while (rest.TryPop(out (object? Left, object? Right, string Path) pair))
        {
            if (ReferenceEquals(pair.Left, pair.Right)) continue;
            if (pair.Left?.GetType() != pair.Right?.GetType()) return $"{pair.Path}: {pair.Left ?? "nothing"}, {pair.Right ?? "nothing"}";
            if (pair.Left is Node node)
            {
                PropertyInfo[] properties = s_properties.GetOrAdd(node.GetType(), Compared);
                for (int i = properties.Length - 1; i >= 0; i--)
                {
                    rest.Push((properties[i].GetValue(node), properties[i].GetValue(pair.Right), $"{node.Kind}.{properties[i].Name}"));
                }
            }
            else if (pair.Left is IList list)
            {
                var other = (IList)pair.Right!;
                if (list.Count != other.Count) return $"{pair.Path}: {list.Count}, {other.Count} nodes";
                for (int i = list.Count - 1; i >= 0; i--) rest.Push((list[i], other[i], $"{pair.Path}[{i}]"));
            }
            else if (!Equals(pair.Left, pair.Right))
            {
                return $"{pair.Path}: {pair.Left}, {pair.Right}";
            }
        }

        return null;
    }

    private static PropertyInfo[] Compared(Type type) =>
        [.. type.GetProperties().Where((property) => property.Name is not (nameof(Node.Start) or nameof(Node.End)))];
}
