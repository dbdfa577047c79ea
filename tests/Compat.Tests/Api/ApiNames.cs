using System.Globalization;
using System.Reflection;

namespace ApiSvc.Compat.Tests.Api;

/// <summary>Types, values and constraints as C# spells them, without namespaces.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
    };

    /// <summary>The name of a type where it is used.</summary>
    public static string Use(Type type, Nullability nullability)
    {
        if (type.IsByRef || type.IsPointer)
        {
            return Use(type.GetElementType()!, nullability) + (type.IsPointer ? "*" : "");
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return UseValue(underlying, nullability) + "?";
        }

        if (type.IsValueType && !type.IsGenericParameter)
        {
            return UseValue(type, nullability);
        }

        var mark = nullability.Next() == 2 ? "?" : "";
        if (type.IsArray)
        {
            var commas = new string(',', type.GetArrayRank() - 1);
            return $"{Use(type.GetElementType()!, nullability)}[{commas}]{mark}";
        }

        return Named(type, nullability) + mark;
    }

    /// <summary>The name of a type where it is declared: with its namespace and its type parameters.</summary>
    public static string Declare(Type type)
    {
        var parameters = type.GetGenericArguments();
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = parameters.Skip(outer).Select(p => Variance(p) + p.Name).ToList();
        var name = WithoutArity(type.Name) + (own.Count > 0 ? $"<{string.Join(", ", own)}>" : "");
        return type.DeclaringType is { } declaring
            ? $"{Declare(declaring)}.{name}"
            : $"{type.Namespace}.{name}";
    }

    /// <summary>The <c>where</c> clauses of type parameters, or an empty text.</summary>
    public static string Constraints(IEnumerable<Type> parameters) =>
        string.Join(
            " ",
            parameters
                .Select(p => (p.Name, Constraints: string.Join(", ", ConstraintsOf(p))))
                .Where(p => p.Constraints.Length > 0)
                .Select(p => $"where {p.Name} : {p.Constraints}")
        );

    /// <summary>A constant or a default value.</summary>
    public static string Value(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType ? "default" : "null",
            string text => $"\"{text}\"",
            char character => $"'{character}'",
            bool flag => flag ? "true" : "false",
            _ when type.IsEnum => EnumValue(value, type),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string EnumValue(object value, Type type) =>
        Enum.GetName(type, value) is { } name
            ? $"{Use(type, new([0]))}.{name}"
            : $"({type.Name}){Convert.ToString(Convert.ChangeType(value, typeof(long), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)}";

    private static string UseValue(Type type, Nullability nullability)
    {
        // A generic value type takes a flag, though it says nothing.
        if (type.IsGenericType)
        {
            nullability.Next();
        }

        return Named(type, nullability);
    }

    private static string Named(Type type, Nullability nullability)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter || !type.IsGenericType)
        {
            return type.IsNested && !type.IsGenericParameter
                ? $"{Named(type.DeclaringType!, nullability)}.{type.Name}"
                : type.Name;
        }

        var arguments = type.GetGenericArguments().Select(a => Use(a, nullability)).ToList();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            return $"({string.Join(", ", arguments)})";
        }

        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var prefix = type.DeclaringType is { } declaring
            ? WithoutArity(declaring.Name)
                + (outer > 0 ? $"<{string.Join(", ", arguments.Take(outer))}>" : "")
                + "."
            : "";
        var own = arguments.Skip(outer).ToList();
        return prefix
            + WithoutArity(type.Name)
            + (own.Count > 0 ? $"<{string.Join(", ", own)}>" : "");
    }

    private static IEnumerable<string> ConstraintsOf(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var flag = Nullability.Of(parameter).Next();
        var types = parameter.GetGenericParameterConstraints();
        var unmanaged = parameter
            .GetCustomAttributesData()
            .Any(a => a.AttributeType.Name == "IsUnmanagedAttribute");
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return flag == 2 ? "class?" : "class";
        }
        else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            yield return unmanaged ? "unmanaged" : "struct";
        }
        else if (flag == 1 && types.Length == 0)
        {
            yield return "notnull";
        }

        foreach (var type in types.Where(t => t != typeof(ValueType)))
        {
            yield return Use(type, new Nullability([1]));
        }

        if (
            attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)
            && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)
        )
        {
            yield return "new()";
        }
    }

    private static string Variance(Type parameter) =>
        (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => "",
        };

    private static string WithoutArity(string name) => name.Split('`')[0];
}
