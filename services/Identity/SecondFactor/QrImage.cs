using System.Globalization;
using System.Text;
using ApiSvc.Identity.Pages;
using QRCoder;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>A QR code as SVG, within the page: no request carries what it says.</summary>
internal static class QrImage
{
    // ISO/IEC 18004: four modules of quiet zone, which the library's matrix has already.
    public static Html Of(string content, string alternative)
    {
        using var code = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.M);
        var modules = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < modules.Count; y++)
        {
            for (var x = 0; x < modules[y].Count; x++)
            {
                if (modules[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        var size = modules.Count;
        return Html.Of(
            $"""
            <svg class="qr" role="img" aria-label="{alternative}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>
            """
        );
    }
}
