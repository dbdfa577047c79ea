using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace ApiSvc.Testing;

/// <summary>npm's packages for a peer program, in the versions of its lock file.</summary>
public static class NpmModules
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Installs once per state of the lock file, outside of what git sees.</summary>
    /// <param name="source">The folder with <c>package.json</c>, <c>package-lock.json</c> and <c>.npmrc</c>.</param>
    /// <returns>The folder to name in <c>NODE_PATH</c>.</returns>
    /// <exception cref="InvalidOperationException">npm is not there, or failed; the message says how.</exception>
    public static async Task<string> InstallAsync(string source)
    {
        var hash = SHA256.HashData(
            await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))
        );
        var cache = Path.Combine(Repository.Root, "artifacts", "npm");
        var installed = Path.Combine(cache, Convert.ToHexStringLower(hash)[..16]);
        if (!Directory.Exists(installed))
        {
            // Another run may install at the same time: the folder appears when it is complete.
            var own = Path.Combine(cache, Path.GetRandomFileName());
            Directory.CreateDirectory(own);
            foreach (var file in (string[])["package.json", "package-lock.json", ".npmrc"])
            {
                File.Copy(Path.Combine(source, file), Path.Combine(own, file));
            }

            await NpmCiAsync(own);
            try
            {
                Directory.Move(own, installed);
            }
            catch (IOException) when (Directory.Exists(installed))
            {
                Directory.Delete(own, recursive: true);
            }
        }

        return Path.Combine(installed, "node_modules");
    }

    private static async Task NpmCiAsync(string folder)
    {
        var start = new ProcessStartInfo(
            "npm",
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        )
        {
            WorkingDirectory = folder,
        };
        try
        {
            await ChildProgram.RunAsync(start, patience: Patience);
        }
        catch (Win32Exception absent)
        {
            throw new InvalidOperationException(
                "Peers in JavaScript need node and npm: apt-get install nodejs npm",
                absent
            );
        }
    }
}
