using System.Diagnostics;
using System.Security.Cryptography;
using ApiSvc.Testing;

namespace ApiSvc.Interop.Peers;

/// <summary>npm's <c>@grpc/grpc-js</c>, in the versions of <c>peers/node/package-lock.json</c>.</summary>
internal sealed class GrpcJs : PeerProgram
{
    private const string Hint = "The grpc-js peer needs node and npm: apt-get install nodejs npm";

    private static readonly Lazy<Task<string>> Modules = new(InstallAsync);

    public override string Name => "grpc-js";

    protected override async Task<ProcessStartInfo> CommandAsync(string role)
    {
        var modules = await Modules.Value;
        return new("node", [Path.Combine(Folder, "node", "peer.js"), role, await Descriptors.File])
        {
            Environment = { ["NODE_PATH"] = modules },
        };
    }

    /// <summary>Installs once per state of the lock file, outside of what git sees.</summary>
    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(Folder, "node");
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
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            var errors = npm.StandardError.ReadToEndAsync();
            await npm.StandardOutput.ReadToEndAsync();
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm ci failed in {folder}: {await errors}");
            }
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            throw new InvalidOperationException(Hint, absent);
        }
    }
}
