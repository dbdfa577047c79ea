using System.Reflection;

namespace ApiSvc.Compat.Tests.Api;

/// <summary>
/// The compiler's nullable flags of one signature position, taken one by one as the type is walked outside in.
/// (NullabilityInfoContext cannot tell <c>T</c> from <c>T?</c> where T is unconstrained.)
/// </summary>
internal sealed class Nullability(IReadOnlyList<byte> flags)
{
    private int _next;

    public static Nullability Of(ParameterInfo parameter) =>
        new(Flags(parameter.GetCustomAttributesData()) ?? Context(parameter.Member));

    public static Nullability Of(MemberInfo member) =>
        new(Flags(member.GetCustomAttributesData()) ?? Context(member.DeclaringType));

    public static Nullability Of(Type parameter) =>
        new(
            Flags(parameter.GetCustomAttributesData())
                ?? Context((MemberInfo?)parameter.DeclaringMethod ?? parameter.DeclaringType)
        );

    /// <summary>The flag of the next reference type, type parameter or generic value type.</summary>
    public byte Next()
    {
        // One flag says it for every position.
        var flag = flags.Count == 1 ? flags[0] : flags.ElementAtOrDefault(_next);
        _next++;
        return flag;
    }

    private static IReadOnlyList<byte>? Flags(
        IList<CustomAttributeData> attributes,
        string name = "NullableAttribute"
    )
    {
        var attribute = attributes.FirstOrDefault(a => a.AttributeType.Name == name);
        return attribute?.ConstructorArguments[0].Value switch
        {
            byte one => [one],
            IEnumerable<CustomAttributeTypedArgument> many => [.. many.Select(f => (byte)f.Value!)],
            _ => null,
        };
    }

    private static IReadOnlyList<byte> Context(MemberInfo? member)
    {
        for (; member is not null; member = member.DeclaringType)
        {
            if (Flags(member.GetCustomAttributesData(), "NullableContextAttribute") is { } flags)
            {
                return flags;
            }
        }

        return [0];
    }
}
