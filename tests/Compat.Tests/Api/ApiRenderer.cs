using System.Reflection;
using System.Runtime.CompilerServices;

namespace ApiSvc.Compat.Tests.Api;

/// <summary>Renders what an assembly shows to others in the lines of <c>compat/api/README.md</c>.</summary>
internal static class ApiRenderer
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static IEnumerable<ApiType> Render(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => IsVisible(type) && !IsGenerated(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(Render);

    public static ApiType Render(Type type)
    {
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var constraints = ApiNames.Constraints(type.GetGenericArguments().Skip(outer));
        var access = type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";
        var name = ApiNames.Declare(type);
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            var head = $"{access} delegate {Return(invoke)} {name}({Parameters(invoke)})";
            return new(head, [], constraints, []);
        }

        if (type.IsEnum)
        {
            var underlying = Enum.GetUnderlyingType(type);
            var values = type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name} = {field.GetRawConstantValue()}");
            return new(
                $"{access} enum {name}",
                underlying == typeof(int) ? [] : [ApiNames.Use(underlying, new([0]))],
                "",
                [.. values]
            );
        }

        return new(
            $"{access} {Kind(type)} {name}",
            [.. Bases(type)],
            constraints,
            [.. Members(type)]
        );
    }

    private static IEnumerable<string> Members(Type type)
    {
        var accessors = type.GetProperties(Declared)
            .SelectMany(p => p.GetAccessors(nonPublic: true))
            .Concat(
                type.GetEvents(Declared)
                    .SelectMany(e => new[] { e.GetAddMethod(true)!, e.GetRemoveMethod(true)! })
            )
            .ToHashSet();
        foreach (var field in type.GetFields(Declared).Where(f => IsVisible(f) && !IsGenerated(f)))
        {
            yield return Field(field);
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            var name = type.Name.Split('`')[0];
            yield return $"{Access(constructor)} {name}({Parameters(constructor)})";
        }

        foreach (
            var property in type.GetProperties(Declared)
                .Where(p => p.GetAccessors(true).Any(IsVisible) && !IsGenerated(p))
        )
        {
            yield return Property(property);
        }

        foreach (
            var @event in type.GetEvents(Declared).Where(e => IsVisible(e.GetAddMethod(true)!))
        )
        {
            var add = @event.GetAddMethod(true)!;
            var handler = ApiNames.Use(@event.EventHandlerType!, Nullability.Of(@event));
            yield return $"{Modifiers(add)}event {handler} {@event.Name}";
        }

        foreach (
            var method in type.GetMethods(Declared)
                .Where(m => IsVisible(m) && !IsGenerated(m) && !accessors.Contains(m))
        )
        {
            yield return Method(method);
        }
    }

    private static string Field(FieldInfo field)
    {
        var kind =
            field.IsLiteral ? "const "
            : field.IsStatic && field.IsInitOnly ? "static readonly "
            : field.IsStatic ? "static "
            : field.IsInitOnly ? "readonly "
            : "";
        var value = field.IsLiteral
            ? $" = {ApiNames.Value(field.GetRawConstantValue(), field.FieldType)}"
            : "";
        var access = field.IsPublic ? "public" : "protected";
        var type = ApiNames.Use(field.FieldType, Nullability.Of(field));
        return $"{access} {kind}{type} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var visible = property.GetAccessors(true).Where(IsVisible).ToList();
        var widest = visible.OrderByDescending(a => a.IsPublic).First();
        string Accessor(MethodInfo? accessor, string word) =>
            accessor is null || !IsVisible(accessor) ? ""
            : accessor.IsPublic == widest.IsPublic ? $" {word};"
            : $" protected {word};";

        var setter = property.GetSetMethod(true);
        var isInit = setter
            ?.ReturnParameter.GetRequiredCustomModifiers()
            .Contains(typeof(IsExternalInit));
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var type = ApiNames.Use(property.PropertyType, Nullability.Of(property));
        // The accessor's parameters: the property's own lack the compiler's nullable context.
        var indices = widest.GetParameters()[..property.GetIndexParameters().Length];
        var name =
            indices.Length > 0
                ? $"this[{string.Join(", ", indices.Select(Parameter))}]"
                : property.Name;
        return $"{Modifiers(widest)}{required}{type} {name} {{"
            + Accessor(property.GetGetMethod(true), "get")
            + Accessor(setter, isInit == true ? "init" : "set")
            + " }";
    }

    private static string Method(MethodInfo method)
    {
        var type = Return(method);
        if (method.IsSpecialName && method.Name is "op_Implicit" or "op_Explicit")
        {
            var word = method.Name == "op_Implicit" ? "implicit" : "explicit";
            return $"{Modifiers(method)}{word} operator {type}({Parameters(method)})";
        }

        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>"
            : "";
        var constraints = method.IsGenericMethodDefinition
            ? ApiNames.Constraints(method.GetGenericArguments())
            : "";
        var name = method.IsSpecialName ? OperatorName(method.Name) : method.Name;
        return $"{Modifiers(method)}{type} {name}{generic}({Parameters(method)}) {constraints}".TrimEnd();
    }

    private static string OperatorName(string name) =>
        name switch
        {
            "op_Equality" => "operator ==",
            "op_Inequality" => "operator !=",
            "op_LessThan" => "operator <",
            "op_GreaterThan" => "operator >",
            "op_LessThanOrEqual" => "operator <=",
            "op_GreaterThanOrEqual" => "operator >=",
            "op_Addition" => "operator +",
            "op_Subtraction" => "operator -",
            _ => name,
        };

    private static string Return(MethodInfo method)
    {
        var type = ApiNames.Use(method.ReturnType, Nullability.Of(method.ReturnParameter));
        return method.ReturnType.IsByRef ? $"ref {type}" : type;
    }

    private static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute));
        var list = string.Join(", ", method.GetParameters().Select(Parameter));
        return isExtension ? $"this {list}" : list;
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var by =
            !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsIn ? "in "
            : "ref ";
        var many = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = ApiNames.Use(parameter.ParameterType, Nullability.Of(parameter));
        var value = parameter.HasDefaultValue
            ? $" = {ApiNames.Value(parameter.RawDefaultValue, parameter.ParameterType)}"
            : "";
        return $"{many}{by}{type} {parameter.Name}{value}";
    }

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? "static " : "";
        }

        var isNew = method.Attributes.HasFlag(MethodAttributes.NewSlot);
        var word =
            method.IsStatic ? " static"
            : method.IsAbstract ? (isNew ? " abstract" : " abstract override")
            : !method.IsVirtual ? ""
            : !isNew ? (method.IsFinal ? " sealed override" : " override")
            : method.IsFinal ? ""
            : " virtual";
        return $"{Access(method)}{word} ";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Kind(Type type) =>
        type switch
        {
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute))
                ? "readonly struct"
                : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return ApiNames.Use(parent, new([1]));
        }

        var interfaces = type.GetInterfaces();
        var implied = interfaces
            .SelectMany(i => i.GetInterfaces())
            .Concat(type.BaseType?.GetInterfaces() ?? [])
            .ToHashSet();
        foreach (var name in interfaces.Where(i => i.IsPublic || i.IsNestedPublic).Except(implied))
        {
            yield return ApiNames.Use(name, new([1]));
        }
    }

    private static bool IsVisible(Type type) =>
        type.IsPublic
        || (
            (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
            && IsVisible(type.DeclaringType!)
        );

    private static bool IsVisible(FieldInfo field) =>
        field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && CanBeDerived(field));

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && CanBeDerived(method));

    private static bool CanBeDerived(MemberInfo member) => !member.DeclaringType!.IsSealed;

    /// <summary>What the compiler adds to a record is not written by anyone; nor is what <c>protoc</c> writes.</summary>
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
