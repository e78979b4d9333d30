"""Files of telephone numbers as programs write them: their bytes, and what a launch makes of them.

An entry has the bytes, the options beside `--to`, whom it dials (in order), or what its refusal
says, by row.
"""

from typing import NamedTuple

A, B, C = "41793026727", "41793026731", "999100001"


class File(NamedTuple):
    data: bytes
    words: tuple[str, ...] = ()
    dialled: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def dials(data: bytes | str, *words: str, to: tuple[str, ...] = (A, B)) -> File:
    return File(data.encode() if isinstance(data, str) else data, words, to)


def refuses(data: bytes | str, *says: str, words: tuple[str, ...] = ()) -> File:
    return File(data.encode() if isinstance(data, str) else data, words, (), says)


IGNORE = "--ignore-columns"
FILES = {
    # --- dialects ---------------------------------------------------------------------------------
    "an editor: one column": dials(f"to\n{A}\n{B}\n"),
    "an editor: no newline at the end": dials(f"to\n{A}\n{B}"),
    "an editor: no header": dials(f"{A}\n{B}\n"),
    "an editor: blank lines": dials(f"\n\nto\n\n{A}\n   \n{B}\n\n\n"),
    "csvkit: commas": dials(f"to,name\n{A},Ann\n{B},\n", IGNORE),
    "csvkit: csvformat -T": dials(f"name\tto\nAnn\t{A}\nBen\t{B}\n", IGNORE),
    "csvkit: csvformat -D '|'": dials(f"name|to\nAnn|{A}\nBen|{B}\n", IGNORE),
    "csvkit: csvformat -U 1": dials(f'"to","parameters.name"\n"{A}","Ann, ""the"" boss"\n"{B}","Ben"\n'),
    "Excel: CSV (Comma delimited)": dials(f"Name,Phone\r\nAnn,{A}\r\nBen,{B}\r\n", IGNORE),
    "Excel: CSV UTF-8": dials(b"\xef\xbb\xbf" + f"Phone;Name\r\n{A};Zo\u00eb\r\n{B};Ben\r\n".encode(), IGNORE),
    "Excel, German: CSV": dials(f"Name;Handy\r\nM\u00fcller;{A}\r\nBen;{B}\r\n".encode("cp1252"), IGNORE),
    "Excel: Unicode text": dials(f"Name\tMobile\r\nZo\u00eb\t{A}\r\nBen\t{B}\r\n".encode("utf-16"), IGNORE),
    "Excel: CSV (Macintosh)": dials(f"to\r{A}\r{B}\r"),
    "Excel: sep=": dials(f"sep=;\r\nto;note\r\n{A};a,b\r\n{B};c,d\r\n", IGNORE),
    "Excel: sep= of tabs": dials(f"sep=\t\r\nto\tnote\r\n{A}\ta\r\n{B}\tb\r\n", IGNORE),
    "Excel: empty rows at the end": dials(f"to;from\r\n{A};\r\n{B};\r\n;\r\n;\r\n"),
    "Excel: an empty column behind": dials(f"to;from;\r\n{A};;\r\n{B};;\r\n"),
    "Excel: a text cell": dials(f"to\r\n'{A}\r\n'+{B}\r\n"),
    "Excel: a formula that is a text": dials(f'to\r\n"=""{A}"""\r\n"=""+{B}"""\r\n'),
    "LibreOffice: all text cells in quotes": dials(f'"Tel.";"Name"\n"{A}";"Ann; Ben"\n"{B}";"Cid"\n', IGNORE),
    "LibreOffice: UTF-16 without a mark": dials(f"to;from\n{A};\n{B};\n".encode("utf-16-le")),
    "LibreOffice: Windows-1252 dashes": dials(f"Telefon\n+41\u201379\u2013302\u201367\u201327\n{B}\n".encode("cp1252").replace(b"\x94", b"\x96")),
    "Google: no-break spaces": dials(f"to\n+41\xa079\xa0302\xa067\xa027\n{B}\n"),
    "Google contacts": dials("Name,Phone 1 - Type,Phone 1 - Value\nAnn,Mobile,+41 79 302 67 27\nBen,Mobile,+41 79 302 67 31\n", "--column", "Phone 1 - Value", IGNORE),
    "Outlook contacts": dials('"First Name","Mobile Phone","Business Phone"\n"Ann","+41 79 302 67 27",""\n"Ben","+41 79 302 67 31",""\n', IGNORE),
    "a telephone: direction marks": dials(f"name,number\nAnn,\u202a+41 79 302 67 27\u202c\nBen,\u200e{B}\n", IGNORE),
    "pandas: numbers are text": dials(f",to\n0,{A}\n1,{B}\n", IGNORE),
    "pandas: index=False": dials(f"to,score\n{A},0.5\n{B},1.0\n", IGNORE),
    "pandas: sep=';', quoting=1": dials(f'"to";"messageId"\n"{A}";"a"\n"{B}";"b"\n'),
    "R: write.table": dials('"to" "x"\n'.replace(" ", "\t") + f'"{A}"\t1\n"{B}"\t2\n', IGNORE),
    "a database: \\copy with header": dials(f"msisdn,created_at\n{A},2026-11-26 10:00:00\n{B},2026-11-26 10:00:01\n", IGNORE),
    "a database: psql -A": dials(f"id|msisdn\n1|{A}\n2|{B}\n", IGNORE),
    "a text with a newline in a cell": dials(f'to,note\n{A},"first\nsecond"\n{B},x\n', IGNORE),
    "spaces after the commas": dials(f'name, to\n"Ann", "+41 79 302 67 27"\n"Ben", {B}\n', IGNORE),
    "people of several countries": dials("to\n+385 98 111-222\n+1 (212) 555-0199\n0044 7700 900123\n", to=("38598111222", "12125550199", "447700900123")),
    "the pool of the mock": dials(f"to\n{C}\n999 100 002\n".replace("999 100 002", "+999 100 002"), to=(C, "999100002")),
    "the usual words, any case": dials(f"MSISDN\n{A}\n{B}\n"),
    "the usual words, with accents": dials(f"N\u00famero de tel\u00e9fono;Nombre\n{A};Ana\n{B};Eva\n", IGNORE),
    "to beside phone": dials(f"phone,to\n{C},{A}\n{C},{B}\n", IGNORE),
    "a column by its number": dials(f"10001,{A}\n10002,{B}\n", "--column", "2", IGNORE),
    "a column by its name": dials(f"a;b\n1;{A}\n2;{B}\n", "--column", "b", IGNORE),
    "the same number, once": dials(f"to\n{A}\n+41 79 302 67 27\n{B}\n", "--duplicates", "once"),
    "the same number, called twice": dials(f"to\n{A}\n{A}\n", "--duplicates", "call", to=(A, A)),
    "a named encoding": dials(f"to;parameters.name\n{A};\u0160ime\n{B};x\n".encode("cp1250"), "--encoding", "windows-1250"),
    # --- refused ----------------------------------------------------------------------------------
    "pandas: a column of floats": refuses(f"to\n{A}.0\n{B}.0\n", "row 2: '**********7.0'", "row 3: '**********1.0'", "make the column a text"),
    "pandas: an empty number": refuses(f"to,name\n{A},Ann\n,Ben\n", "row 3: it has no number", words=(IGNORE,)),
    "pandas: nan": refuses(f"to\n{A}\nnan\n", "row 3: 'nan'"),
    "Excel: a shortened number": refuses("to\r\n4.1793E+10\r\n", "row 2: '*.***3E+10'".replace("*.***3E+10", "*.****E+10"), "make the column a text"),
    "Excel: thousands": refuses('to\n"41,793,026,727"\n', "row 2: '**,***,***,*27'"),
    "Excel: a workbook": refuses(b"PK\x03\x04" + bytes(60), "workbook", "export"),
    "Excel: an old workbook": refuses(b"\xd0\xcf\x11\xe0" + bytes(60), "workbook"),
    "a compressed file": refuses(b"\x1f\x8b\x08" + bytes(60), "compressed"),
    "a picture": refuses(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
    "national numbers": refuses("to\n079 302 67 27\n0793026731\n", "row 2", "row 3: '********31'", "country code"),
    "national numbers of ten digits": refuses("to\n2125550199\n", "row 2: '********99'", "+212"),
    "customer numbers in front": refuses(f"10001,{A}\n10002,{B}\n", "row 1: there is no header", "--column"),
    "customer numbers that could be numbers": refuses(f"49123456,{A}\n49123457,{B}\n", "row 1: there is no header", "--column"),
    "customer numbers, and a telephone below": refuses(f"49123456,\n49123457,{B}\n", "row 2: there is no header", "--column"),
    "a header without a usual word": refuses(f"a,b\n1,{A}\n", "row 1", "--column", "'a', 'b'"),
    "two columns of numbers": refuses(f"phone,mobile\n{A},{B}\n", "row 1: several columns", "'phone', 'mobile'"),
    "a column without effect": refuses(f"to,scenario\n{A},x\n", "'scenario'", "--ignore-columns"),
    "a duplicate": refuses(f"to\n{A}\n\n+41 79 302 67 27\n", "row 4: the number of row 2 again", "--duplicates"),
    "an id twice": refuses(f"to,messageId\n{A},x\n{B},x\n", "row 3: the messageId of row 2 again"),
    "an id that is too long": refuses(f"to,messageId\n{A},{'x' * 101}\n", "row 2: its messageId has 101"),
    "two numbers in a cell": refuses(f"to\n{A} / {B}\n", "row 2"),
    "a row with more cells": refuses(f"to,from\n{A},,{B}\n", "row 2: it has 3 cells"),
    "a row that a comma in a name shifts": refuses(f"name,to\nAnn,{A}\nBob, Jr.,{B}\n", "row 3", words=(IGNORE,)),
    "a footer": refuses(f"to\n{A}\nTotal: 1\n", "row 3: 'Total: 1'"),
    "two files in one": refuses(f"to\n{A}\nto\n{B}\n", "row 3: 'to'"),
    "a quote that does not end": refuses(f'to,name\n{A},"Ann\n{B},Ben\n', "row 2: the quotes", words=(IGNORE,)),
    "something behind a quote": refuses('to\n"417930"26727\n', "row 2: the quotes"),
    "a row behind a cell of two lines": refuses(f'note,to\n"a\nb",{A}\nc,5\n', "row 4: '5'", words=(IGNORE,)),
    "a sender that is none": refuses(f"to,from\n{A},SHOP\n", "row 2: 'SHOP'"),
    "a value without a name": refuses(f"to,parameters.\n{A},x\n", "row 1", "parameters."),
    "nothing": refuses("", "empty"),
    "a header and nothing": refuses("to\n", "nobody to call"),
    "blank lines": refuses("\n\n\n", "empty"),
    "no encoding": refuses(b"to;name\n41793026727;\x81\x8d\xff\n", "row 2", "--encoding", words=(IGNORE,)),
    "not the encoding that is named": refuses(b"to\n\xff\n", "UTF-8", words=("--encoding", "utf-8")),
    "a column that is not there": refuses(f"to\n{A}\n", "no one column 'x'", words=("--column", "x")),
    "two ways to divide it": refuses(f"{A};a,b\n{B};c,d\n".replace(f"{A};a,b", f"to;a,to\n{A};a,x").replace("\n" + f"{B};c,d", ""), "commas or semicolons", "sep="),
}  # fmt: skip
