using System.Text;
using ApiSvc.Catalog.Import;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>Short documents for tests.</summary>
internal static class Documents
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static ImportResult Read(string text) =>
        SpecificationImport.Read(Utf8(text), ImportLimits.Default);

    public static ImportedDocument Import(string text)
    {
        var result = Read(text);
        result.IsRead.ShouldBeTrue(result.Problem?.ToString());
        return result.Document!;
    }

    public static Finding Refusal(string text, ImportLimits? limits = null)
    {
        var result = SpecificationImport.Read(Utf8(text), limits ?? ImportLimits.Default);
        result.IsRead.ShouldBeFalse();
        return result.Problem!;
    }

    /// <summary>A document of 3.0 in YAML with these paths, each line indented by two.</summary>
    public static string Yaml30(string paths, string more = "") =>
        $"openapi: 3.0.3\ninfo:\n  title: Orders\n  version: '1'\npaths:\n{paths}\n{more}";

    public static IEnumerable<string> Said(this ImportedDocument document, string code) =>
        document
            .Findings.Where(finding => finding.Code == code)
            .Select(finding => $"{finding.Severity} {finding.Pointer}:{finding.Line}");
}
