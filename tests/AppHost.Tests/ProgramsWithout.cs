namespace ApiSvc.AppHost.Tests;

/// <summary>A folder with links to all programs but some, to be the only one in PATH.</summary>
internal sealed class ProgramsWithout : IDisposable
{
    public ProgramsWithout(params string[] missing)
    {
        Folder = Directory
            .CreateDirectory(Path.Combine(Path.GetTempPath(), $"programs-{Guid.NewGuid():n}"))
            .FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
        foreach (var folder in Environment.GetEnvironmentVariable("PATH")!.Split(':'))
        {
            if (!Directory.Exists(folder))
            {
                continue;
            }

            foreach (var program in Directory.EnumerateFiles(folder))
            {
                var name = Path.GetFileName(program);
                var link = Path.Combine(Folder, name);
                if (!missing.Contains(name) && !File.Exists(link))
                {
                    File.CreateSymbolicLink(link, program);
                }
            }
        }
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
