using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <content>The nodes that have scopes, bindings or references.</content>
internal sealed partial class ScopeWalk
{
    protected override void VisitIdentifier(Identifier node) => builder.Refer(node, ReferenceUse.Read);

    protected override void VisitBlockStatement(BlockStatement node)
    {
        if (!DeclaresLexically(node.Body))
        {
            VisitList(node.Body);
            return;
        }

        builder.Enter(ScopeKind.Block, node);
        VisitList(node.Body);
        Push(Task.Exit);
    }

    protected override void VisitSwitchStatement(SwitchStatement node)
    {
        Visit(node.Discriminant);
        bool hasScope = false;
        foreach (SwitchCase clause in node.Cases) hasScope |= DeclaresLexically(clause.Consequent);
        if (hasScope) Push(Task.Inner, node);
        else VisitList(node.Cases);
    }

    protected override void VisitWithStatement(WithStatement node)
    {
        Visit(node.Object);
        Push(Task.Inner, node);
    }

    protected override void VisitIfStatement(IfStatement node)
    {
        Visit(node.Test);
        VisitClause(node.Consequent);
        if (node.Alternate is not null) VisitClause(node.Alternate);
    }

    protected override void VisitForStatement(ForStatement node)
    {
        if (!IsLexical(node.Init))
        {
            base.VisitForStatement(node);
            return;
        }

        builder.Enter(ScopeKind.For, node);
        base.VisitForStatement(node);
        Push(Task.Exit);
    }

    protected override void VisitForInStatement(ForInStatement node) => VisitForEach(node, node.Left, node.Right, node.Body);

    protected override void VisitForOfStatement(ForOfStatement node) => VisitForEach(node, node.Left, node.Right, node.Body);

    protected override void VisitCatchClause(CatchClause node)
    {
        if (node.Param is null)
        {
            Visit(node.Body);
            return;
        }

        builder.Enter(ScopeKind.Catch, node);
        Push(Task.Declare, node.Param, BindingKind.CatchParameter);
        Visit(node.Body);
        Push(Task.Exit);
    }

    protected override void VisitLabeledStatement(LabeledStatement node) => Visit(node.Body);

    protected override void VisitBreakStatement(BreakStatement node)
    {
        // A label is not a reference.
    }

    protected override void VisitContinueStatement(ContinueStatement node)
    {
        // A label is not a reference.
    }

    protected override void VisitVariableDeclaration(VariableDeclaration node)
    {
        BindingKind kind = KindOf(node);
        foreach (VariableDeclarator declarator in node.Declarations)
        {
            Push(declarator.Init is null ? Task.Declare : Task.Initialize, declarator.Id, kind);
            if (declarator.Init is not null) Visit(declarator.Init);
        }
    }

    protected override void VisitFunctionDeclaration(FunctionDeclaration node)
    {
        if (node.Id is not null) builder.DeclareFunction(node, node.Id);
        EnterFunction(node, node);
    }

    protected override void VisitFunctionExpression(FunctionExpression node)
    {
        if (node.Id is not null)
        {
            builder.Enter(ScopeKind.FunctionName, node);
            builder.Declare(node.Id, BindingKind.FunctionName);
        }

        EnterFunction(node, node);
        if (node.Id is not null) Push(Task.Exit);
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node) => EnterFunction(node, node);

    protected override void VisitClassDeclaration(ClassDeclaration node)
    {
        if (node.Id is not null) builder.Declare(node.Id, BindingKind.Class);
        EnterClass(node, node);
    }

    protected override void VisitClassExpression(ClassExpression node) => EnterClass(node, node);

    protected override void VisitClassBody(ClassBody node)
    {
        // Private names exist in the whole body and nowhere else (15.7.14, step 5).
        foreach (Node element in node.Body)
        {
            if (element is MethodDefinition { Key: PrivateIdentifier method }) builder.DeclarePrivate(method);
            if (element is PropertyDefinition { Key: PrivateIdentifier field }) builder.DeclarePrivate(field);
        }

        VisitList(node.Body);
    }

    protected override void VisitMethodDefinition(MethodDefinition node)
    {
        if (node.IsComputed) Visit(node.Key);
        Visit(node.Value);
    }

    protected override void VisitPropertyDefinition(PropertyDefinition node)
    {
        if (node.IsComputed) Visit(node.Key);
        if (node.Value is not null) Push(Task.Inner, node);
    }

    protected override void VisitStaticBlock(StaticBlock node)
    {
        builder.Enter(ScopeKind.ClassStaticBlock, node);
        VisitList(node.Body);
        Push(Task.Exit);
    }

    protected override void VisitProperty(Property node)
    {
        if (node.IsComputed) Visit(node.Key);
        Visit(node.Value);
    }

    protected override void VisitMemberExpression(MemberExpression node)
    {
        Visit(node.Object);
        if (node.IsComputed || node.Property is PrivateIdentifier) Visit(node.Property);
    }

    protected override void VisitPrivateIdentifier(PrivateIdentifier node) => builder.UsePrivate(node);

    protected override void VisitCallExpression(CallExpression node)
    {
        // eval?.() is an indirect call (13.3.9.1).
        if (node is { IsOptional: false, Callee: Identifier { Name: "eval" } }) builder.NoteDirectEval();
        base.VisitCallExpression(node);
    }

    protected override void VisitMetaProperty(MetaProperty node)
    {
        // Its words are not names.
    }

    protected override void VisitUnaryExpression(UnaryExpression node)
    {
        if (node is { Operator: UnaryOperator.TypeOf, Argument: Identifier name }) builder.Refer(name, ReferenceUse.Read | ReferenceUse.TypeOf);
        else Visit(node.Argument);
    }

    protected override void VisitUpdateExpression(UpdateExpression node)
    {
        if (node.Argument is Identifier name) builder.Refer(name, ReferenceUse.ReadWrite);
        else Visit(node.Argument);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Operator == AssignmentOperator.Assign) Push(Task.Assign, node.Left);
        else if (node.Left is Identifier name) builder.Refer(name, ReferenceUse.ReadWrite);
        else Visit(node.Left);
        Visit(node.Right);
    }

    protected override void VisitImportDeclaration(ImportDeclaration node)
    {
        foreach (Node specifier in node.Specifiers)
        {
            Identifier local = specifier switch
            {
                ImportSpecifier named => named.Local,
                ImportNamespaceSpecifier all => all.Local,
                _ => ((ImportDefaultSpecifier)specifier).Local,
            };
            builder.Declare(local, BindingKind.Import);
        }
    }

    protected override void VisitExportNamedDeclaration(ExportNamedDeclaration node)
    {
        if (node.Declaration is not null) Visit(node.Declaration);
        if (node.Source is not null) return;
        foreach (ExportSpecifier specifier in node.Specifiers) Visit(specifier.Local);
    }

    protected override void VisitExportAllDeclaration(ExportAllDeclaration node)
    {
        // Its names do not belong to this module.
    }

    private static BindingKind KindOf(VariableDeclaration declaration) => declaration.VariableKind switch
    {
        VariableKind.Var => BindingKind.Var,
        VariableKind.Let => BindingKind.Let,
        VariableKind.Const => BindingKind.Const,
        _ => BindingKind.Using,
    };

    private static bool IsLexical(Node? node) => node is VariableDeclaration { VariableKind: not VariableKind.Var };

    /// <summary>True if a statement list has lexical declarations of its own (8.2.4, LexicallyDeclaredNames).</summary>
    private static bool DeclaresLexically(ImmutableArray<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            Statement declaration = statement;
            while (declaration is LabeledStatement labeled) declaration = labeled.Body;
            if (declaration.Kind is NodeKind.FunctionDeclaration or NodeKind.ClassDeclaration || IsLexical(declaration)) return true;
        }

        return false;
    }

    /// <summary>A function as a clause of an if is treated as if it stood in a block (Annex B.3.3).</summary>
    private void VisitClause(Statement clause) => Push(clause.Kind == NodeKind.FunctionDeclaration ? Task.Clause : Task.Visit, clause);

    private void VisitForEach(Statement loop, Node left, Expression right, Statement body)
    {
        // The names of the head also exist, without values, in the right side (14.7.5.6).
        bool hasScope = IsLexical(left);
        if (hasScope) builder.Enter(ScopeKind.For, loop);
        if (left is VariableDeclaration declaration)
        {
            VariableDeclarator declarator = declaration.Declarations[0];
            Push(Task.Initialize, declarator.Id, KindOf(declaration));
            if (declarator.Init is not null) Visit(declarator.Init);
        }
        else Push(Task.Assign, left);

        Visit(right);
        Visit(body);
        if (hasScope) Push(Task.Exit);
    }

    private void EnterFunction(IFunction function, Node node)
    {
        int start = function.Params.IsEmpty ? function.Body.Start : function.Params[0].Start;
        builder.Enter(ScopeKind.Function, node, start, node.End);
        if (function.Body is BlockStatement body && IsStrict(body.Body)) builder.Current.IsStrict = true;
        foreach (Node parameter in function.Params) Push(Task.Declare, parameter, BindingKind.Parameter);
        Push(Task.Inner, node);
        Push(Task.Exit);
    }

    private void EnterClass(IClass type, Node node)
    {
        builder.Enter(ScopeKind.Class, node, type.SuperClass?.Start ?? type.Body.Start, node.End);
        builder.Current.IsStrict = true;
        if (type.Id is not null) builder.Declare(type.Id, BindingKind.ClassName);
        if (type.SuperClass is not null) Visit(type.SuperClass);
        Visit(type.Body);
        Push(Task.Exit);
    }
}
