using System.Globalization;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>Writes what became of the documents to <c>TestResults/documents.md</c>.</summary>
internal static class DocumentTable
{
    public static async Task WriteAsync(IEnumerable<DocumentRow> rows, IEnumerable<string> notes)
    {
        string[] lines =
        [
            "| Document, through the gateway | syntax | version | bytes | operations | findings | import ms | deploy ms until acknowledged | called |",
            "| --- | --- | --- | ---: | ---: | --- | ---: | ---: | ---: |",
            .. rows.Select(Line),
            "",
            .. notes.Select(note => "* " + note),
            "",
        ];
        var text = string.Join('\n', lines);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "documents.md"), text);
        await Console.Out.WriteLineAsync(text);
    }

    private static string Line(DocumentRow row) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name} | {row.Syntax} | {row.Version} | {row.Bytes:N0} | {Operations(row)} | {row.Findings} | {row.ImportTime.TotalMilliseconds:F0} | {row.DeployTime.TotalMilliseconds:F0} | {Calls(row)} |"
        );

    private static string Calls(DocumentRow row) =>
        row.Faults.Count > 0 ? $"**WRONG** {row.Right}/{row.Called}"
        : row.Refusal.Length > 0 ? $"**not published: {row.Refusal}**"
        : row.Called == 0 ? "**none can be called**"
        : $"{row.Right}/{row.Called}";

    private static string Operations(DocumentRow row) =>
        row.Routable == row.Operations
            ? row.Operations.ToString("N0", CultureInfo.InvariantCulture)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"**{row.Routable:N0} of {row.Operations:N0} routable**"
            );
}
