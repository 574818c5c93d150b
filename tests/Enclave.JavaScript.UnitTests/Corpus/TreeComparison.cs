using System.Collections.Concurrent;
using System.Reflection;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>Compares two trees without the positions of their nodes. Uses a list instead of recursion: trees are deeper than a stack.</summary>
internal sealed class TreeComparison
{
    private static readonly ConcurrentDictionary<Type, IField[]> s_fields = new();
    private readonly Stack<(Node? Left, Node? Right, string Field)> _left = new();
    private string? _difference;

    private interface IField
    {
        void Compare(Node left, Node right, TreeComparison comparison);
    }

    /// <summary>The first difference, or null.</summary>
    public static string? Difference(Node left, Node right)
    {
        var comparison = new TreeComparison();
        comparison._left.Push((left, right, "Program"));
        while (comparison._difference is null && comparison._left.TryPop(out (Node? Left, Node? Right, string Field) pair))
            comparison.Compare(pair.Left, pair.Right, pair.Field);
        return comparison._difference;
    }

    private void Compare(Node? left, Node? right, string field)
    {
        if (left is null && right is null) return;
        if (left is null || right is null || left.Kind != right.Kind)
        {
            _difference = $"{field}: {Describe(left)} and {Describe(right)}";
            return;
        }

        foreach (IField each in s_fields.GetOrAdd(left.GetType(), FieldsOf))
        {
            each.Compare(left, right, this);
            if (_difference is null) continue;
            _difference = $"{_difference}, in {Describe(left)} and {Describe(right)}";
            return;
        }
    }

    private static string Describe(Node? node) => node is null ? "nothing" : $"{node.Kind} at {node.Start}";

    private static IField[] FieldsOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where((property) => property.DeclaringType != typeof(Node))
            .Select((property) => FieldOf(type, property)),
    ];

    private static IField FieldOf(Type type, PropertyInfo property)
    {
        Type value = property.PropertyType;
        if (typeof(Node).IsAssignableFrom(value)) return Make(typeof(ChildField<>), [type], property);
        bool isList = value.IsGenericType && value.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
        return isList ? Make(typeof(ListField<,>), [type, value.GetGenericArguments()[0]], property) : Make(typeof(ValueField<,>), [type, value], property);
    }

    private static IField Make(Type field, Type[] arguments, PropertyInfo property) =>
        (IField)Activator.CreateInstance(field.MakeGenericType(arguments), property)!;

    private sealed class ChildField<TNode>(PropertyInfo property) : IField where TNode : Node
    {
        private readonly Func<TNode, Node?> _get = property.GetMethod!.CreateDelegate<Func<TNode, Node?>>();

        public void Compare(Node left, Node right, TreeComparison comparison) => comparison._left.Push((_get((TNode)left), _get((TNode)right), property.Name));
    }

    private sealed class ListField<TNode, TItem>(PropertyInfo property) : IField where TNode : Node where TItem : Node?
    {
        private readonly Func<TNode, ImmutableArray<TItem>> _get = property.GetMethod!.CreateDelegate<Func<TNode, ImmutableArray<TItem>>>();

        public void Compare(Node left, Node right, TreeComparison comparison)
        {
            ImmutableArray<TItem> one = _get((TNode)left), other = _get((TNode)right);
            if (one.Length != other.Length) comparison._difference = $"{property.Name}: {one.Length} and {other.Length} items";
            for (int i = Math.Min(one.Length, other.Length) - 1; i >= 0; i--) comparison._left.Push((one[i], other[i], property.Name));
        }
    }

    private sealed class ValueField<TNode, TValue>(PropertyInfo property) : IField where TNode : Node
    {
        private readonly Func<TNode, TValue> _get = property.GetMethod!.CreateDelegate<Func<TNode, TValue>>();

        public void Compare(Node left, Node right, TreeComparison comparison)
        {
            TValue one = _get((TNode)left), other = _get((TNode)right);
            if (!EqualityComparer<TValue>.Default.Equals(one, other)) comparison._difference = $"{property.Name}: {one} and {other}";
        }
    }
}
