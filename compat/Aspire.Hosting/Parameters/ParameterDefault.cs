using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The value of a parameter that is not configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerSet = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperSet = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericSet = "0123456789";

    // None of them has a meaning in connection strings, URLs' user part apart.
    private const string SpecialSet = "-_.{}~()*+!";

    /// <summary>The length, in characters; more if the other minima need more.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether it has small letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it has capital letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it has digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it has other characters.</summary>
    public bool Special { get; set; } = true;

    /// <summary>How many small letters at least.</summary>
    public int MinLower { get; set; }

    /// <summary>How many capital letters at least.</summary>
    public int MinUpper { get; set; }

    /// <summary>How many digits at least.</summary>
    public int MinNumeric { get; set; }

    /// <summary>How many other characters at least.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        (string Set, int Least)[] sets =
        [
            .. new[]
            {
                (Lower, LowerSet, MinLower),
                (Upper, UpperSet, MinUpper),
                (Numeric, NumericSet, MinNumeric),
                (Special, SpecialSet, MinSpecial),
            }
                .Where(s => s.Item1)
                .Select(s => (s.Item2, s.Item3)),
        ];
        if (sets.Length == 0)
        {
            throw new DistributedApplicationException(
                "A generated parameter needs letters, digits or other characters."
            );
        }

        var all = string.Concat(sets.Select(s => s.Set));
        var characters = sets.SelectMany(s => RandomNumberGenerator.GetItems<char>(s.Set, s.Least))
            .ToList();
        characters.AddRange(
            RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - characters.Count))
        );
        var value = characters.ToArray();
        RandomNumberGenerator.Shuffle(value.AsSpan());
        return new string(value);
    }
}
