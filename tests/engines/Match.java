import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** As match.mjs, with Java's own engine and no flags. */
public class Match {
    public static void main(String[] arguments) throws Exception {
        List<String> lines = new String(System.in.readAllBytes(), StandardCharsets.US_ASCII).lines()
            .filter(line -> !line.isEmpty())
            .map(line -> new String(Base64.getDecoder().decode(line.substring(1)), StandardCharsets.UTF_8))
            .toList();
        int count = Integer.parseInt(lines.get(1));
        for (String expression : lines.subList(2, 2 + count)) {
            Pattern pattern = Pattern.compile(expression);
            StringBuilder found = new StringBuilder();
            for (String text : lines.subList(2 + count, lines.size())) {
                found.append(pattern.matcher(text).find() ? '1' : '0');
            }
            System.out.println(found);
        }
    }
}
