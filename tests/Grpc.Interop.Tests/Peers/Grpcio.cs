using System.Diagnostics;

namespace ApiSvc.Interop.Peers;

/// <summary>Debian's grpcio, on the same C core as most other languages' gRPC.</summary>
internal sealed class Grpcio : PeerProgram
{
    // The system's own Python: only that one sees the system's packages.
    private const string Python = "/usr/bin/python3";

    public override string Name => "grpcio";

    protected override async Task<ProcessStartInfo> CommandAsync(string role)
    {
        await RequireAsync();
        return new(
            Python,
            [Path.Combine(Folder, "python", "peer.py"), role, await Descriptors.File]
        )
        {
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
    }

    private static async Task RequireAsync()
    {
        var installed = false;
        if (File.Exists(Python))
        {
            using var check = Process.Start(
                new ProcessStartInfo(Python, ["-c", "import grpc.aio, google.protobuf"])
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            await check.StandardError.ReadToEndAsync();
            await check.WaitForExitAsync();
            installed = check.ExitCode == 0;
        }

        if (!installed)
        {
            throw new InvalidOperationException(
                "The grpcio peer needs: apt-get install python3-grpcio python3-protobuf"
            );
        }
    }
}
