using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>Finds everything wrong with one options class at once; each message names the key.</summary>
internal sealed class SectionValidator<TOptions>(IConfiguration configuration, string section)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var ofForm = SectionCheck.Run(configuration.GetSection(section), typeof(TOptions)).ToList();

        // A setting of another form has its default now, which says nothing about it.
        var known = ofForm.Select(f => f.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ofContent = OptionsGraph
            .Walk(section, options)
            .SelectMany(Ask)
            .Where(f => !known.Contains(f.Key));
        var failures = ofForm.Concat(ofContent).Select(f => f.ToString()).Distinct().ToList();
        return failures.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<SettingFailure> Ask(OptionsNode node)
    {
        if (node.IsLeaf || node.Value is System.Collections.IEnumerable)
        {
            return [];
        }

        var results = new List<ValidationResult>();
        foreach (var setting in OptionsGraph.Settings(node.Value!.GetType()))
        {
            var context = new ValidationContext(node.Value) { MemberName = setting.Name };
            Validator.TryValidateProperty(setting.GetValue(node.Value), context, results);
        }

        if (node.Value is IValidatableObject whole)
        {
            results.AddRange(whole.Validate(new(node.Value)));
        }

        return results.SelectMany(r => Describe(node.Key, r));
    }

    private static IEnumerable<SettingFailure> Describe(string key, ValidationResult result) =>
        result
            .MemberNames.DefaultIfEmpty("")
            .Select(member => member.Length == 0 ? key : $"{key}:{member}")
            .Select(at => new SettingFailure(at, result.ErrorMessage ?? "is not valid."));
}
