using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>All migrations of one component, in order and without gaps.</summary>
internal sealed partial class MigrationSet
{
    private MigrationSet(string component, IReadOnlyList<Migration> migrations)
    {
        Component = component;
        Migrations = migrations;
    }

    public string Component { get; }

    public IReadOnlyList<Migration> Migrations { get; }

    /// <summary>Reads the embedded <c>Migrations/**/*.sql</c> of an assembly.</summary>
    /// <exception cref="MigrationException">A name that is no migration's, a number twice, or a gap.</exception>
    public static MigrationSet Read(string component, Assembly assembly) =>
        Create(
            component,
            assembly
                .GetManifestResourceNames()
                .Where(r =>
                    r.Contains(".Migrations.") && r.EndsWith(".sql", StringComparison.Ordinal)
                )
                .Select(r => (FileName(r), Text(assembly, r)))
        );

    /// <summary>Orders and checks files given as name and text.</summary>
    /// <exception cref="MigrationException">A name that is no migration's, a number twice, or a gap.</exception>
    public static MigrationSet Create(
        string component,
        IEnumerable<(string File, string Sql)> files
    )
    {
        var migrations = files
            .Select(f => Parse(component, f.File, f.Sql))
            .OrderBy(m => m.Number)
            .ThenBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
        for (var i = 0; i < migrations.Count; i++)
        {
            var found = migrations[i];
            if (i > 0 && found.Number == migrations[i - 1].Number)
            {
                throw new MigrationException(
                    $"Migrations {migrations[i - 1]} and {found} have the same number. Renumber the one that was applied nowhere."
                );
            }

            if (found.Number != i + 1)
            {
                throw new MigrationException(
                    $"Migration {component}/{i + 1:0000} is missing: {found} follows. Numbers start at 1 and have no gaps."
                );
            }
        }

        return new MigrationSet(component, migrations);
    }

    private static Migration Parse(string component, string file, string sql)
    {
        var match = NamePattern().Match(file);
        return match.Success
            ? new Migration(
                component,
                int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["name"].Value,
                sql.ReplaceLineEndings("\n")
            )
            : throw new MigrationException(
                $"'{file}' of {component} is no migration's name. It has four digits, an underscore, and small letters, digits and underscores: 0001_first_tables.sql."
            );
    }

    // A resource's name is its path with points: the file's name is the last two parts.
    private static string FileName(string resource) =>
        string.Join('.', resource.Split('.').TakeLast(2));

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(
        "^(?<number>[0-9]{4})_(?<name>[a-z0-9_]+)\\.sql$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NamePattern();
}
