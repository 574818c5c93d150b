namespace Enclave.JavaScript.Scopes;

/// <summary>The syntax that opens a <see cref="Scope"/>.</summary>
public enum ScopeKind : byte
{
    /// <summary>The global scope (ECMA-262 9.1.1.4): the outermost one of every tree.</summary>
    Global,

    /// <summary>A module (9.1.1.5).</summary>
    Module,

    /// <summary>A function: its parameters and <c>arguments</c>. Its body too, unless the parameters contain expressions.</summary>
    Function,

    /// <summary>The body of a function whose parameters contain expressions, which must not see the body's variables (10.2.11, step 28).</summary>
    FunctionBody,

    /// <summary>The name of a function expression, inside the function (15.2.5).</summary>
    FunctionName,

    /// <summary>A class, with its name inside it (15.7.14). All code in it is strict.</summary>
    Class,

    /// <summary>The initial value of a field, which runs like a method (15.7.10).</summary>
    ClassField,

    /// <summary>A static block, which runs like a method (15.7.11).</summary>
    ClassStaticBlock,

    /// <summary>A block (14.2), or a function declaration that is a clause of an if (Annex B.3.3).</summary>
    Block,

    /// <summary>The clauses of a switch (14.12).</summary>
    Switch,

    /// <summary>A loop whose head declares lexically; each round has bindings of its own (14.7.4.3, 14.7.5.7).</summary>
    For,

    /// <summary>A catch clause with a parameter (14.15.2).</summary>
    Catch,

    /// <summary>The body of with: names may be properties of an object (14.11).</summary>
    With,
}
