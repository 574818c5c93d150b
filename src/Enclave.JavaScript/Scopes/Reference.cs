using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>An identifier that stands for a binding (ECMA-262 13.1): read, written, or both.</summary>
public sealed class Reference
{
    private readonly ReferenceUse _use;

    internal Reference(Identifier identifier, Scope scope, int nameIndex, ReferenceUse use)
    {
        Identifier = identifier;
        Scope = scope;
        NameIndex = nameIndex;
        _use = use;
    }

    /// <summary>The identifier.</summary>
    public Identifier Identifier { get; }

    /// <summary>The innermost scope around it.</summary>
    public Scope Scope { get; }

    /// <summary>The binding that it refers to. Null if the program does not declare the name: then it is global.</summary>
    public Binding? Binding { get; internal set; }

    /// <summary>True if the value is read.</summary>
    public bool IsRead => (_use & ReferenceUse.Read) != 0;

    /// <summary>True if a value is assigned.</summary>
    public bool IsWrite => (_use & ReferenceUse.Write) != 0;

    /// <summary>True if it is the operand of typeof, which does not throw for a name without a binding (13.5.3.1).</summary>
    public bool IsTypeOfOperand => (_use & ReferenceUse.TypeOf) != 0;

    /// <summary>
    /// True if it is the name in a variable declaration that assigns its value. A var in with, or in a catch clause with a
    /// parameter of its name, may declare one binding and assign another.
    /// </summary>
    public bool IsDeclarator => (_use & ReferenceUse.Declarator) != 0;

    /// <summary>True if the binding belongs to a function around the reference's own function.</summary>
    public bool IsCapture => Binding is not null && !ReferenceEquals(Binding.Scope.Function, Scope.Function);

    /// <summary>
    /// True if the name may be found elsewhere at run time: in the object of a with statement, or among variables that a direct eval of sloppy code adds.
    /// </summary>
    public bool MayBeDynamic => Scope.DynamicDepth > (Binding?.Scope.Depth ?? 0);

    internal int NameIndex { get; }
}

/// <summary>How a reference uses its name.</summary>
[Flags]
internal enum ReferenceUse : byte
{
    Read = 1,
    Write = 2,
    ReadWrite = Read | Write,
    TypeOf = 4,
    Declarator = 8,
}
